"""Reports written for the test: number N of a place is always the same one."""

PLACES = "红星 胜利路 东街 西门 南桥 北岭 文明路 新民 和平 建设路".split()
KINDS = "小学 中学 幼儿园 卫生院 文化站 敬老院 司法所 水利站 农技站 林业站".split()
FIRST_YEAR, YEARS = 2010, 14
NUMBERS = ["", *("第" + number for number in "二 三 四 五 六 七 八 九 十 十一 十二".split())]
COUNT = len(PLACES) * len(KINDS) * len(NUMBERS) * YEARS
# Something that is no report, and that every node refuses.
PICTURE = b"GIF89a\x01\x00\x01\x00"


def report(place, number):
    """The year, the unit and the text of a report."""
    year = FIRST_YEAR + number % YEARS
    unit = number // YEARS
    number_of = NUMBERS[unit // (len(KINDS) * len(PLACES)) % len(NUMBERS)]
    name = PLACES[unit // len(KINDS) % len(PLACES)] + number_of + KINDS[unit % len(KINDS)]
    lines = [
        f"{year}年度部门整体支出绩效自评报告",
        "",
        f"单位名称：{place}{name}",
        f"评价年度：{year}年度",
        "",
        f"{year}年度支出总计216.40万元，其中：基本支出151.20万元，项目支出65.20万元。",
        f"经自评，本单位{year}年度整体支出绩效自评得分{80 + number % 17}分，等级为优。",
        "",
    ]
    return year, name, "\n".join(lines).encode()
