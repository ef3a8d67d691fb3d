"""Citations that several rules share, in the form a notice quotes them."""

INTERACTION_2019 = "国办秘函〔2019〕19号 检查指标“互动回应”“互动交流”"
DISTRICT_PLAN = "本区政务公开年度工作要点（以本区采用的文件为准）"  # no place answers for the plan of another one
DECISIONS_713 = "《重大行政决策程序暂行条例》（国务院令第713号）"
ENFORCEMENT_118 = (
    "国办发〔2018〕118号《关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见》"
)
GRASSROOTS_54 = "国办发〔2019〕54号《关于全面推进基层政务公开标准化规范化工作的指导意见》"
UTILITIES_50 = "国办发〔2020〕50号《公共企事业单位信息公开规定制定办法》"
