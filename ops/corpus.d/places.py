"""Places the invented units stand in: province, city, district, GB/T 2260 code, written down by hand.

The list is small on purpose and has nothing to do with the parser's table of divisions. It holds names that several
places share, cities without districts, municipalities, and zones that have no code of their own.
"""
from dataclasses import dataclass

TABLE = """
湖南省 430000 | 长沙市 430100: 芙蓉区 430102, 天心区 430103, 岳麓区 430104, 浏阳市 430181 | 株洲市 430200: 天元区 430211, 醴陵市 430281 | 衡阳市 430400: 雁峰区 430406, 衡南县 430422 | 益阳市 430900: 赫山区 430903, 桃江县 430922 | 湘西土家族苗族自治州 433100: 吉首市 433101, 凤凰县 433123
湖北省 420000 | 武汉市 420100: 江岸区 420102, 洪山区 420111, 江夏区 420115 | 宜昌市 420500: 夷陵区 420506, 当阳市 420582 | 襄阳市 420600: 樊城区 420606, 枣阳市 420683 | 恩施土家族苗族自治州 422800: 利川市 422802
四川省 510000 | 成都市 510100: 武侯区 510107, 金牛区 510106, 双流区 510116 | 乐山市 511100: 市中区 511102, 沙湾区 511111, 夹江县 511126 | 内江市 511000: 市中区 511002, 资中县 511025 | 绵阳市 510700: 涪城区 510703, 北川羌族自治县 510726 | 凉山彝族自治州 513400: 会理市 513402, 冕宁县 513433
广东省 440000 | 广州市 440100: 白云区 440111, 番禺区 440113 | 湛江市 440800: 赤坎区 440802, 霞山区 440803, 徐闻县 440825 | 佛山市 440600: 南海区 440605, 禅城区 440604 | 东莞市 441900: | 中山市 442000: | 韶关市 440200: 浈江区 440204, 乳源瑶族自治县 440232
浙江省 330000 | 杭州市 330100: 西湖区 330106, 钱塘区 330114, 桐庐县 330122 | 宁波市 330200: 江北区 330205, 慈溪市 330282 | 金华市 330700: 婺城区 330702, 义乌市 330782
安徽省 340000 | 合肥市 340100: 庐阳区 340103, 肥西县 340123 | 芜湖市 340200: 镜湖区 340202, 无为市 340281 | 淮北市 340600: 相山区 340603 | 六安市 341500: 金寨县 341524
云南省 530000 | 昆明市 530100: 五华区 530102, 盘龙区 530103, 呈贡区 530114 | 玉溪市 530400: 红塔区 530402, 新平彝族傣族自治县 530427 | 大理白族自治州 532900: 大理市 532901, 祥云县 532923
江苏省 320000 | 南京市 320100: 鼓楼区 320106, 江宁区 320115 | 徐州市 320300: 鼓楼区 320302, 铜山区 320312 | 南通市 320600: 海安市 320685
福建省 350000 | 福州市 350100: 鼓楼区 350102, 闽侯县 350121 | 厦门市 350200: 思明区 350203 | 泉州市 350500: 晋江市 350582
山东省 370000 | 济南市 370100: 市中区 370103, 章丘区 370114 | 枣庄市 370400: 市中区 370402 | 青岛市 370200: 即墨区 370215
河南省 410000 | 郑州市 410100: 金水区 410105, 新密市 410183 | 开封市 410200: 鼓楼区 410204 | 济源市 419001: | 新乡市 410700: 卫滨区 410703
陕西省 610000 | 西安市 610100: 雁塔区 610113, 长安区 610116 | 宝鸡市 610300: 渭滨区 610302, 岐山县 610323 | 榆林市 610800: 神木市 610881
青海省 630000 | 西宁市 630100: 城东区 630102, 大通回族土族自治县 630121 | 海东市 630200: 乐都区 630202
宁夏回族自治区 640000 | 银川市 640100: 兴庆区 640104, 金凤区 640106, 灵武市 640181 | 固原市 640400: 原州区 640402
辽宁省 210000 | 沈阳市 210100: 和平区 210102, 铁西区 210106 | 鞍山市 210300: 铁西区 210303 | 朝阳市 211300: 朝阳县 211321, 双塔区 211302
吉林省 220000 | 长春市 220100: 朝阳区 220104, 南关区 220102 | 四平市 220300: 铁西区 220302
河北省 130000 | 石家庄市 130100: 新华区 130105, 正定县 130123 | 沧州市 130900: 新华区 130902, 任丘市 130982
山西省 140000 | 太原市 140100: 小店区 140105 | 长治市 140400: 潞州区 140403 | 大同市 140200: 云冈区 140214
江西省 360000 | 南昌市 360100: 青云谱区 360104 | 赣州市 360700: 章贡区 360702, 瑞金市 360781
贵州省 520000 | 贵阳市 520100: 白云区 520113, 南明区 520102 | 遵义市 520300: 汇川区 520303, 仁怀市 520382
甘肃省 620000 | 兰州市 620100: 城关区 620102 | 天水市 620500: 秦州区 620502 | 嘉峪关市 620200:
广西壮族自治区 450000 | 南宁市 450100: 青秀区 450103 | 桂林市 450300: 阳朔县 450321
内蒙古自治区 150000 | 呼和浩特市 150100: 新城区 150102 | 包头市 150200: 青山区 150204 | 锡林郭勒盟 152500: 锡林浩特市 152502
西藏自治区 540000 | 拉萨市 540100: 城关区 540102
新疆维吾尔自治区 650000 | 乌鲁木齐市 650100: 天山区 650102 | 伊犁哈萨克自治州 654000: 伊宁市 654002
海南省 460000 | 海口市 460100: 龙华区 460106 | 三亚市 460200: 吉阳区 460203 | 琼海市 469002:
黑龙江省 230000 | 哈尔滨市 230100: 道里区 230102 | 牡丹江市 231000: 西安区 231005 | 大庆市 230600: 让胡路区 230604
北京市 110000 | 北京市 110000: 朝阳区 110105, 海淀区 110108, 密云区 110118, 通州区 110112
天津市 120000 | 天津市 120000: 河西区 120103, 武清区 120114, 蓟州区 120119
上海市 310000 | 上海市 310000: 徐汇区 310104, 奉贤区 310120, 崇明区 310151
重庆市 500000 | 重庆市 500000: 江北区 500105, 荣昌区 500153, 忠县 500233, 酉阳土家族苗族自治县 500242
"""

# Districts that first exist from that year; before it the documents do not use them.
SINCE = {"330114": 2021, "513402": 2021, "340281": 2020, "320685": 2019, "140403": 2019, "140214": 2019}

# Zones without a code of their own: the city's code, `local` true.
ZONES = ["经济技术开发区", "高新技术产业开发区", "高新区", "南湖新区", "循环经济产业园区", "文化旅游示范区", "滨江新区"]


@dataclass(frozen=True)
class Place:
    province: str
    city: str
    district: str | None
    code: str
    level: str  # district, city, province, zone
    shared: bool = False

    @property
    def here(self) -> str:
        """The word the people of the place use for it: 区, 县, 市, 州, 省."""
        if self.level == "province":
            return "市" if self.province.endswith("市") else ("区" if self.province.endswith("自治区") else "省")
        if self.level == "zone":
            return "区"
        if self.level == "city":
            return "州" if self.city.endswith("州") else ("盟" if self.city.endswith("盟") else "市")
        return self.district[-1]

    @property
    def full(self) -> str:
        if self.level == "province":
            return self.province
        return self.city + (self.district or "")

    @property
    def short(self) -> str:
        return self.district or (self.city if self.level != "province" else self.province)

    @property
    def above(self) -> str:
        """The next higher level in the mouth of the place."""
        if self.level in ("district", "zone"):
            return "州" if self.city.endswith("州") else "市"
        return "省"


def load() -> list[Place]:
    rows = []
    for line in TABLE.strip().splitlines():
        head, *cities = [s.strip() for s in line.split("|")]
        province, province_code = head.split()
        municipal = province in ("北京市", "天津市", "上海市", "重庆市")
        if not municipal:
            rows.append((province, province, None, province_code, "province"))
        for part in cities:
            city_head, districts = part.split(":")
            city, city_code = city_head.split()
            rows.append((province, city, None, city_code, "city"))
            for item in filter(None, (d.strip() for d in districts.split(","))):
                name, code = item.split()
                rows.append((province, city, name, code, "district"))
    # Names shared in the country, also with places that are not listed above.
    common = {"鼓楼区", "市中区", "新华区", "铁西区", "朝阳区", "通州区", "白云区", "西湖区", "江北区", "青山区", "城关区", "和平区",
              "河东区", "长安区", "西安区", "新城区", "普陀区", "宝山区", "桥西区", "永定区", "海州区", "南山区", "龙华区"}
    names: dict[str, int] = {}
    for r in rows:
        if r[2]:
            names[r[2]] = names.get(r[2], 0) + 1
    return [Place(*r, shared=bool(r[2]) and (names[r[2]] > 1 or r[2] in common)) for r in rows]


PLACES = load()
BY_PROVINCE: dict[str, list[Place]] = {}
for _place in PLACES:
    BY_PROVINCE.setdefault(_place.province, []).append(_place)


def choose(rng, province: str | None, year: int) -> Place:
    """A place, mostly a district, in `province` when that is given."""
    pool = BY_PROVINCE[province] if province else PLACES
    pool = [p for p in pool if SINCE.get(p.code, 0) <= year]
    by_level = {level: [p for p in pool if p.level == level] for level in ("district", "city", "province")}
    level = rng.choices(["district", "city", "province", "zone"], [78, 12, 3, 7])[0]
    if level == "zone":
        cities = [p for p in by_level["city"] if p.city != p.province and p.city[-1] == "市"]
        if cities:
            base = rng.choice(cities)
            return Place(base.province, base.city, rng.choice(ZONES), base.code, "zone")
    if by_level.get(level):
        return rng.choice(by_level[level])
    return rng.choice(by_level["district"] or by_level["city"])
