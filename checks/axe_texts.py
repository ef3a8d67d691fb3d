"""What each axe-core rule of WCAG A and AA means for a department's editor, in our own words.

axe rule id -> (title, what to do, success criterion). Grouping and criteria: indicators.md §11.3; the criteria are
those of axe-core 4.12. Rules that are not listed fall back to their id and a general sentence.
"""

from __future__ import annotations

from typing import NamedTuple


class AxeText(NamedTuple):
    title: str
    how: str
    criterion: str


_TEXTS: dict[str, tuple[str, str, str]] = {
    # 可感知：替代文字
    "image-alt": ("图片没有替代文字", '给每张图片填写alt说明；纯装饰图片写alt=""', "1.1.1"),
    "input-image-alt": ("图片按钮没有替代文字", "给图片按钮的alt写上按钮作用，如“搜索”", "1.1.1"),
    "role-img-alt": ("图形元素没有名称", '给role="img"的元素加aria-label说明图意', "1.1.1"),
    "svg-img-alt": ("矢量图没有名称", "给SVG图形加<title>或aria-label", "1.1.1"),
    "object-alt": ("嵌入对象没有替代文字", "给嵌入的文档或插件写明文字说明，并提供下载链接", "1.1.1"),
    "area-alt": ("图片热区没有说明", "给图片热区的每个区域填写alt，说明链接去向", "2.4.4"),
    "aria-meter-name": ("计量条没有名称", "给计量条加aria-label，说明计量的是什么", "1.1.1"),
    "aria-progressbar-name": ("进度条没有名称", "给进度条加aria-label，说明进度的含义", "1.1.1"),
    # 可感知：音视频
    "video-caption": ("视频没有字幕", "为视频上传字幕文件，或在视频下方附文字稿", "1.2.2"),
    "audio-caption": ("音频没有文字稿", "在音频旁附上完整文字稿", "1.2.1"),
    "no-autoplay-audio": ("声音自动播放", "取消自动播放，或提供停止和静音按钮", "1.4.2"),
    # 可感知：结构
    "list": ("列表结构不正确", "列表标签下只放列表项，导航菜单用标准列表写法", "1.3.1"),
    "listitem": ("列表项不在列表中", "把列表项放回列表标签里", "1.3.1"),
    "definition-list": ("定义列表结构不正确", "定义列表中只放成对的名称和说明", "1.3.1"),
    "dlitem": ("定义项不在定义列表中", "把名称和说明放回定义列表标签里", "1.3.1"),
    "td-headers-attr": ("表格单元格指向的表头不存在", "核对headers属性，指向同一表格中的表头", "1.3.1"),
    "th-has-data-cells": ("表头没有对应数据", "删去空表头，或补上它所说明的数据", "1.3.1"),
    "td-has-header": ("数据单元格没有表头", "给大表格的行列加上表头单元格", "1.3.1"),
    "table-fake-caption": ("用单元格冒充表格标题", "表格标题改用<caption>", "1.3.1"),
    "p-as-heading": ("用加粗文字冒充标题", "正文小标题改用标题样式，不要只加粗", "1.3.1"),
    "aria-required-children": ("组件缺少必需的子元素", "由平台方按组件规范补齐子元素角色", "1.3.1"),
    "aria-required-parent": ("组件缺少必需的父元素", "由平台方把该组件放进规定的父元素", "1.3.1"),
    "aria-hidden-body": ("整页被对读屏软件隐藏", "删除body上的aria-hidden", "1.3.1"),
    "css-orientation-lock": ("页面锁定横屏或竖屏", "取消样式中对屏幕方向的锁定", "1.3.4"),
    "autocomplete-valid": ("表单自动填写属性不正确", "按规范填写autocomplete值，如name、tel", "1.3.5"),
    # 可感知：颜色与缩放
    "link-in-text-block": ("正文链接只靠颜色区分", "给正文中的链接加下划线", "1.4.1"),
    "color-contrast": ("文字与背景对比度不足", "加深文字颜色，正文对比度不低于4.5:1，大字不低于3:1", "1.4.3"),
    "meta-viewport": ("页面禁止缩放", "删除视口标签里的user-scalable=no和最大缩放限制", "1.4.4"),
    "avoid-inline-spacing": ("行内样式锁死文字间距", "去掉行内样式中带!important的字距和行距", "1.4.12"),
    # 可操作：键盘
    "scrollable-region-focusable": ("滚动区域键盘无法进入", '给可滚动区域加tabindex="0"', "2.1.1"),
    "frame-focusable-content": ("框架内容键盘无法进入", '去掉框架上的tabindex="-1"', "2.1.1"),
    "server-side-image-map": ("使用服务器端图片热区", "改用普通链接或客户端热区", "2.1.1"),
    # 可操作：时间与动态
    "meta-refresh": ("页面自动跳转或刷新", "取消自动刷新，改用普通链接或服务器跳转", "2.2.1"),
    "marquee": ("使用滚动字幕", "去掉滚动字幕，改为静态文字或可暂停的轮播", "2.2.2"),
    "blink": ("使用闪烁文字", "去掉闪烁标签，改用加粗或颜色强调", "2.2.2"),
    # 可操作：跳过、标题、链接
    "bypass": ("没有跳过导航的办法", "在页首加“跳到正文”链接，或用标题划分主要区域", "2.4.1"),
    "document-title": ("网页没有标题", "在页面属性中填写标题，写明栏目和网站名称", "2.4.2"),
    "link-name": ("链接没有可读文字", "给图片链接填alt，给空链接写上文字或删除", "2.4.4"),
    "label-content-name-mismatch": ("按钮名称与显示文字不一致", "让aria-label包含看得见的文字", "2.5.3"),
    "target-size": ("点击目标太小", "把按钮和链接的可点区域加大到24像素以上", "2.5.8"),
    # 可理解：语言与标签
    "html-has-lang": ("网页没有声明语言", '在<html>标签上加lang="zh-CN"', "3.1.1"),
    "html-lang-valid": ("网页语言代码不正确", "把<html>的lang改为zh-CN", "3.1.1"),
    "html-xml-lang-mismatch": ("两处语言声明不一致", "让lang与xml:lang取值相同", "3.1.1"),
    "valid-lang": ("局部语言代码不正确", "改正段落上的lang代码，如英文写en", "3.1.2"),
    "form-field-multiple-labels": ("一个输入框有多个标签", "每个输入框只保留一个标签", "3.3.2"),
    # 兼容：名称、角色、值
    "label": ("输入框没有标签", "给每个输入框配文字标签，不能只靠占位提示", "4.1.2"),
    "select-name": ("下拉框没有名称", "给下拉框配文字标签或aria-label", "4.1.2"),
    "button-name": ("按钮没有名称", "给图标按钮加文字或aria-label，如“关闭”“搜索”", "4.1.2"),
    "input-button-name": ("表单按钮没有名称", "给按钮的value写上作用，如“提交”", "4.1.2"),
    "frame-title": ("框架没有标题", "给每个iframe加title，说明内容", "4.1.2"),
    "frame-title-unique": ("多个框架标题相同", "让每个iframe的title各不相同", "4.1.2"),
    "nested-interactive": ("按钮或链接互相嵌套", "拆开嵌套的按钮和链接，各自独立", "4.1.2"),
    "summary-name": ("折叠面板没有名称", "给折叠面板的标题写上文字", "4.1.2"),
    "duplicate-id-aria": ("标签引用的编号重复", "让页面内每个元素的id唯一", "4.1.2"),
    "aria-allowed-attr": ("元素用了不允许的无障碍属性", "由平台方删除该角色不支持的aria属性", "4.1.2"),
    "aria-roles": ("角色名称不正确", "改为规范中的角色名，或删除role", "4.1.2"),
    "aria-valid-attr": ("无障碍属性名写错", "改正或删除写错的aria属性名", "4.1.2"),
    "aria-valid-attr-value": ("无障碍属性值不正确", "改正aria属性的取值，被引用的id须存在", "4.1.2"),
    "aria-required-attr": ("组件缺少必需的无障碍属性", "由平台方按组件规范补齐aria属性", "4.1.2"),
    "aria-prohibited-attr": ("元素不许使用该无障碍属性", "删除该属性，改用可见文字", "4.1.2"),
    "aria-conditional-attr": ("无障碍属性使用条件不符", "由平台方按组件规范调整属性", "4.1.2"),
    "aria-deprecated-role": ("使用了已废弃的角色", "换成现行角色", "4.1.2"),
    "aria-braille-equivalent": ("盲文属性没有对应文字", "同时填写普通的aria-label", "4.1.2"),
    "aria-hidden-focus": ("隐藏元素仍可被键盘选中", "去掉aria-hidden，或让元素不再获得焦点", "4.1.2"),
    "aria-command-name": ("命令元素没有名称", "给按钮、链接、菜单项写上文字或aria-label", "4.1.2"),
    "aria-input-field-name": ("输入组件没有名称", "给自定义输入框加aria-label", "4.1.2"),
    "aria-toggle-field-name": ("开关组件没有名称", "给复选、单选、开关加文字标签", "4.1.2"),
    "aria-tab-name": ("页签没有名称", "给每个页签写上文字", "4.1.2"),
    "aria-tooltip-name": ("提示框没有名称", "给提示框写上文字内容", "4.1.2"),
    "aria-roledescription": ("角色说明使用不当", "只在有角色的元素上使用aria-roledescription", "4.1.2"),
}


def axe_text(rule: str) -> AxeText:
    found = _TEXTS.get(rule)
    if found is None:
        return AxeText(f"无障碍规则{rule}未通过", f"请平台方按axe规则{rule}的说明修改模板", "")
    return AxeText(*found)


THEMES = {"1": "可感知", "2": "可操作", "3": "可理解", "4": "兼容"}


def theme(criterion: str) -> str:
    return THEMES.get(criterion[:1], "其他")
