"""One wrong entry each in a district folder, and what is said about it."""

# (file, old, new) → (where, expected, got, first known)
FAULTS = {
    "unknown key": (
        ("district.toml", 'office = "', 'ofice = "x"\noffice = "'),
        ("第 4 行 ofice", "已知的键", "未知的键 ofice", "office"),
    ),
    "unknown key in a table": (
        ("district.toml", "main_host =", "main_hots = 1\nmain_host ="),
        ("第 11 行 site.main_hots", "已知的键", "未知的键 main_hots", "main_host"),
    ),
    "unknown table": (
        ("district.toml", "[site]", "[sites]\nx = 1\n\n[site]"),
        ("第 8 行 sites", "已知的键", "未知的键 sites", "site"),
    ),
    "missing key": (
        ("district.toml", 'office = "示例区人民政府办公室"\n', ""),
        ("office", "必填的 office", "没有填写", None),
    ),
    "number as text": (
        ("district.toml", "[site]", '[crawl]\nmax_pages = "100"\n\n[site]'),
        ("第 9 行 crawl.max_pages", "整数", "“100”", None),
    ),
    "text as number": (
        ("district.toml", "[site]", "region_code = 370405\n\n[site]"),
        ("第 8 行 region_code", "文字（用英文双引号括起来）", "370405", None),
    ),
    "text as fraction": (
        ("district.toml", "[site]", "region_code = 3704.5\n\n[site]"),
        ("第 8 行 region_code", "文字（用英文双引号括起来）", "3704.5", None),
    ),
    "truth as number": (
        ("district.toml", "[site]", "[browser]\nenabled = 1\n\n[site]"),
        ("第 9 行 browser.enabled", "true 或 false", "1", None),
    ),
    "list as text": (
        ("district.toml", 'standards = ["gov-site-2019"]', 'standards = "gov-site-2019"'),
        ("第 6 行 standards", '列表（写成 ["…", "…"]）', "“gov-site-2019”", None),
    ),
    "date as text": (
        ("district.toml", "[site]", 'plan_published = "去年"\n\n[site]'),
        ("第 8 行 plan_published", "日期（2026-01-31）", "“去年”", None),
    ),
    "out of bounds": (
        ("district.toml", "[site]", "[crawl]\nrate = 0\n\n[site]"),
        ("第 9 行 crawl.rate", "大于 0 的数值", "0", None),
    ),
    "bad id": (
        ("district.toml", 'id = "shili"', 'id = "示例"'),
        ("第 1 行 id", "小写英文字母、数字、连字符或下划线组成的编号", "“示例”", None),
    ),
    "host with scheme": (
        ("district.toml", 'main_host = "www', 'main_host = "http://www'),
        ("第 11 行 site.main_host", "主机名（如 www.example.gov.cn，不带 http:// 和端口）", None, None),
    ),
    "home elsewhere": (
        ("district.toml", 'home = "http://www.example', 'home = "http://www.other'),
        ("第 10 行 site.home", "主机在 site.hosts 中的首页网址", "“http://www.other.gov.cn/”", "example.gov.cn"),
    ),
    "home not http": (
        ("district.toml", 'home = "http://', 'home = "ftp://'),
        ("第 10 行 site.home", "首页网址（http:// 或 https:// 开头）", "“ftp://www.example.gov.cn/”", None),
    ),
    "main host not listed": (
        ("district.toml", 'hosts = ["www.example.gov.cn", ', "hosts = ["),
        ("第 11 行 site.main_host", "site.hosts 中的一个主机", "“www.example.gov.cn”", "example.gov.cn"),
    ),
    "unit of a standard that is nobody here": (
        ("district.toml", "[site]", '[standard_units]\nfagai = ["zfb", "czjj"]\n\n[site]'),
        ("第 9 行 standard_units.fagai[2]", "units.csv 中的单位编号", "“czjj”", "czj"),
    ),
    "site code": (
        ("district.toml", "[site]", '[site]\nsite_code = "123"'),
        ("第 9 行 site.site_code", "10 位数字或 bm 加 8 位数字，不清楚的留空", "“123”", None),
    ),
    "portal owner": (
        ("district.toml", 'portal_owner = "zfb"', 'portal_owner = "zbf"'),
        ("第 5 行 portal_owner", "units.csv 中的单位编号", "“zbf”", "zfb"),
    ),
    "resolve": (
        ("district.toml", "[site]", '[resolve]\n"www.example.gov.cn" = "localhost:8080"\n\n[site]'),
        ("第 9 行 resolve.www.example.gov.cn", "IP:端口（如 127.0.0.1:8080）", "“localhost:8080”", None),
    ),
    "resolve port": (
        ("district.toml", "[site]", '[resolve]\n"www.example.gov.cn" = "127.0.0.1:99999"\n\n[site]'),
        ("第 9 行 resolve.www.example.gov.cn", "IP:端口（如 127.0.0.1:8080）", "“127.0.0.1:99999”", None),
    ),
    "exclude": (
        ("district.toml", "[site]", '[site]\nexclude = ["["]'),
        ("第 9 行 site.exclude[1]", None, "“[”", None),
    ),
    "window": (
        ("district.toml", "[site]", '[crawl]\nwindow = ["20:00", "25:00"]\n\n[site]'),
        ("第 9 行 crawl.window", '两个时刻（["20:00", "06:00"]）', "“25:00”", None),
    ),
    "same standard twice": (
        ("district.toml", '["gov-site-2019"]', '["gov-site-2019", "gov-site-2019"]'),
        ("第 6 行 standards", "不重复的标准编号", "“gov-site-2019”", None),
    ),
    "holiday and workday": (
        ("district.toml", "[site]", "[calendar]\nholidays = [2027-01-02]\nworkdays = [2027-01-02]\n\n[site]"),
        ("第 10 行 calendar.workdays", "同一天只能是放假或上班之一", "2027-01-02", None),
    ),
    "moment of the demonstration": (
        ("district.toml", "[site]", '[demo]\nas_of = "2026-09-31"\n\n[site]'),
        ("第 9 行 demo.as_of", "时刻（2026-09-30T18:00:00+08:00）", "“2026-09-31”", None),
    ),
    "region code": (
        ("district.toml", "[site]", 'region_code = "3704"\n\n[site]'),
        ("第 8 行 region_code", "6、9 或 12 位行政区划代码", "“3704”", None),
    ),
    "area code": (
        ("district.toml", "[site]", 'phone_area_code = "632"\n\n[site]'),
        ("第 8 行 phone_area_code", "电话区号（如 0632）", "“632”", None),
    ),
    "units in district.toml": (
        ("district.toml", 'id = "shili"', 'id = "shili"\nunits = []'),
        ("第 2 行 units", None, "不能写在这里的键 units", None),
    ),
    "broken toml": (
        ("district.toml", 'name = "示例区"', 'name = "示例区'),
        ("第 2 行", "合法的 TOML", None, None),
    ),
    "full-width signs": (
        ("district.toml", 'name = "示例区"', "name = “示例区”"),
        ("第 2 行", "合法的 TOML", "“name = “示例区””：含有中文符号 “ ”，请改用英文半角符号", None),
    ),
    "wrong header": (
        ("units.csv", "unit_id,name_full", "unit_id,fullname"),
        ("第 1 行第 2 列", "单位表的列名", "未知的列 “fullname”", "name_full"),
    ),
    "missing header": (
        ("columns.csv", "column_id,label,aliases", "column_id,aliases,note"),
        ("第 1 行", "列 label（栏目名称）", None, None),
    ),
    "header twice": (
        ("units.csv", "unit_id,name_full,name_short,aliases", "unit_id,name_full,单位全称,name_short"),
        ("第 1 行第 3 列", "每列只出现一次", "单位全称 与 name_full 是同一列", None),
    ),
    "required cell": (
        ("units.csv", "区财政局,区财政和", ",区财政和"),
        ("第 3 行 name_short", "必填的 单位简称", "空白", None),
    ),
    "unknown group": (
        ("units.csv", ",镇街,", ",乡镇,"),
        ("第 4 行 group", "下列取值之一", "“乡镇”", "镇街"),
    ),
    "flag": (
        ("units.csv", "政府组成部门,Y,", "政府组成部门,部分,"),
        ("第 3 行 has_public_service", "Y 或 N（是/否），不清楚的留空", "“部分”", None),
    ),
    "date": (
        ("units.csv", "2024-03-01", "2024-02-30"),
        ("第 3 行 valid_from", "日期（2026-01-31、2026/1/31 或 2026年1月31日）", "“2024-02-30”", None),
    ),
    "ends before it starts": (
        ("units.csv", "2024-03-01,,", "2024-03-01,2024-02-01,"),
        ("第 3 行 valid_to", "不早于起始日期 2024-03-01 的日期", "2024-02-01", None),
    ),
    "duplicate unit": (
        ("units.csv", "jtz,", "czj,"),
        ("第 4 行 unit_id", "不重复的编号", "czj 已在第 3 行", None),
    ),
    "successor": (
        ("units.csv", "2024-03-01,,,Y", "2024-03-01,,cjz,Y"),
        ("第 3 行 successor_id", "本表中的单位编号", "“cjz”", "czj"),
    ),
    "alias of two units": (
        ("units.csv", "甲田镇,,镇街", "甲田镇,区财金局,镇街"),
        ("第 4 行 aliases", "只属于一个单位", "“区财金局” 已属于 czj（units.csv 第 3 行），这里又属于 jtz", None),
    ),
    "path of two units": (
        ("units.csv", "镇街,N,,", "镇街,N,http://www.example.gov.cn/zwgk/bm/czj/index.html,"),
        (
            "第 4 行 column_urls",
            "只属于一个单位",
            "“http://www.example.gov.cn/zwgk/bm/czj/index.html” 已属于 czj（units.csv 第 3 行），这里又属于 jtz",
            None,
        ),
    ),
    "path of a column and of another unit": (
        ("units.csv", "镇街,N,,", "镇街,N,/zwgk/cz,"),
        ("第 4 行 column_urls", None, "“/zwgk/cz” 已属于 czj（columns.csv 第 4 行），这里又属于 jtz", None),
    ),
    "bad path in units": (
        ("units.csv", "/zwgk/bm/czj/", "zwgk/bm/czj/"),
        ("第 3 行 column_urls", "以 / 开头的站内路径，或 http(s):// 开头的完整网址", "“zwgk/bm/czj/”", None),
    ),
    "more cells than headers": (
        ("units.csv", ",,,,,,Y\nczj", ",,,,,,Y,多余\nczj"),
        ("第 2 行", "11 列以内", "第 12 列有内容 “多余”，但表头没有列名", None),
    ),
    "unclosed quote": (
        ("units.csv", "示例区财政局,", '"示例区财政局,'),
        ("第 3 行", "合法的 CSV 行", "双引号没有成对，一直到文件末尾也没有结束", None),
    ),
    "duplicate column": (
        ("columns.csv", "czxx,", "zcjd,"),
        ("第 4 行 column_id", "不重复的编号", "zcjd 已在第 3 行", None),
    ),
    "unknown class": (
        ("columns.csv", ",其他,", ",普通,"),
        ("第 4 行 column_class", "下列取值之一", "“普通”", "动态"),
    ),
    "unknown unit": (
        ("columns.csv", ",czj,", ",cjz,"),
        ("第 4 行 unit_id", "units.csv 中的单位编号", "“cjz”", "czj"),
    ),
    "unknown parent": (
        ("columns.csv", "art20,zwgk", "art20,zwkg"),
        ("第 4 行 parent", "本表中的栏目编号", "“zwkg”", "zwgk"),
    ),
    "parent in a circle": (
        ("columns.csv", "静态,,,,,Y", "静态,,,zwgk,,Y"),
        ("第 2 行 parent", "不绕回自身的上级栏目", "“zwgk”", None),
    ),
    "freshness": (
        ("columns.csv", ",90,", ",三个月,"),
        ("第 4 行 freshness_days", "整数", "“三个月”", None),
    ),
    "freshness zero": (
        ("columns.csv", ",90,", ",0,"),
        ("第 4 行 freshness_days", "大于 0 的数值", "0", None),
    ),
    "path climbs": (
        ("columns.csv", "/zwgk/cz/", "/zwgk/../../etc/"),
        ("第 4 行 path", None, "“/zwgk/../../etc/”", None),
    ),
}  # fmt: skip
