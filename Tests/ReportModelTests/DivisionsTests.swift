import ReportModel
import Testing

@Suite("Divisions")
struct DivisionsTests {
    let divisions = Divisions.standard

    @Test("codes give names, levels and parents")
    func codes() throws {
        let district = try #require(divisions.division(code: "440811"))
        #expect(district.name == "麻章区")
        #expect(district.level == .county)
        #expect(district.parentCode == "440800")
        #expect(divisions.division(code: "440800")?.level == .prefecture)
        #expect(divisions.division(code: "440800")?.parentCode == "440000")
        #expect(divisions.division(code: "440000")?.parentCode == nil)
        #expect(divisions.division(code: "429004")?.parentCode == "420000")
        #expect(divisions.division(code: "500153")?.parentCode == "500000")
        for unknown in ["", "44081", "4408110", "999999", "44081a", "４４０８１１"] {
            #expect(divisions.division(code: unknown) == nil)
        }
    }

    @Test(
        "the table is whole: every line is read, every parent exists, names are unique per parent and year"
    )
    func whole() {
        #expect(divisions.all.count > 3500)
        let current = divisions.all.filter { $0.isValid(in: nil) }
        #expect((2800...2900).contains(current.filter { $0.level == .county }.count))
        #expect(current.filter { $0.level == .province }.count == 34)
        #expect((330...345).contains(current.filter { $0.level == .prefecture }.count))
        for division in divisions.all where division.level != .province {
            #expect(divisions.parent(of: division) != nil, "\(division)")
        }
        let pairs = current.map { "\($0.parentNumber ?? 0) \($0.name)" }
        #expect(Set(pairs).count == pairs.count)
        for division in divisions.all {
            #expect(KeyPart.clean(division.name) == division.name)
            if let first = division.firstYear, let last = division.lastYear {
                #expect(first <= last)
            }
        }
    }

    @Test(
        "names change with the years",
        arguments: [
            ("370282", 2016, "即墨市"), ("370215", 2020, "即墨区"), ("140402", 2018, "城区"),
            ("140403", 2020, "潞州区"),
            ("540481", 2024, "米林市"), ("371200", 2018, "莱芜市"), ("370116", 2020, "莱芜区"),
            ("130503", 2018, "桥西区"),
            ("130503", 2022, "信都区"),
        ]
    )
    func years(code: String, year: Int, name: String) throws {
        let division = try #require(divisions.division(code: code, year: year))
        #expect(division.name == name)
        #expect(division.isValid(in: year))
        #expect(divisions.divisions(named: name, year: year).contains(division))
    }

    @Test("shared names give all that have them")
    func shared() {
        #expect(
            divisions.divisions(named: "鼓楼区").map(\.code) == [
                "320106", "320302", "350102", "410204",
            ]
        )
        #expect(divisions.divisions(named: "市中区").count == 4)
        #expect(divisions.divisions(named: "没有区").isEmpty)
    }

    @Test("children are those of one parent")
    func children() throws {
        let city = try #require(divisions.division(code: "511100"))
        let names = divisions.children(of: city, year: 2023).map(\.name)
        #expect(names.contains("市中区") && names.contains("金口河区") && names.count == 11)
        let province = try #require(divisions.division(code: "420000"))
        #expect(divisions.children(of: province, year: 2023).contains { $0.name == "仙桃市" })
    }

    @Test("regions are resolved from codes and names")
    func resolves() throws {
        let district = Region(code: "440811", province: "广东省", city: "湛江市", district: "麻章区")
        for text in ["440811", "麻章区", "湛江市/麻章区", "湛江市麻章区", "广东省湛江市麻章区", "广东省/湛江市/麻章区", "湛江麻章区"] {
            #expect(divisions.resolve(text, year: 2023) == district, "\(text)")
        }
        #expect(divisions.resolve(city: "湛江市", district: "麻章区") == district)
        #expect(divisions.resolve(city: nil, district: "麻章区") == district)
        #expect(divisions.resolve("重庆市")?.keyParts == ["重庆市"])
        #expect(divisions.resolve("广东省")?.keyParts == ["广东省"])
        #expect(divisions.resolve("没有市") == nil)
        #expect(divisions.resolve("") == nil)
        #expect(divisions.resolve("湛江市麻章区总工会") == nil)
        #expect(divisions.resolve(city: "乐山市", district: "麻章区") == nil)
        let shared = try #require(divisions.resolve("鼓楼区"))
        #expect(shared.isAmbiguous && shared.keyParts == nil && shared.candidates.count == 4)
    }

    @Test("a region contains what lies in it")
    func contains() throws {
        let district = try #require(divisions.resolve("440811"))
        let city = try #require(divisions.resolve("440800"))
        let province = try #require(divisions.resolve("440000"))
        let municipality = try #require(divisions.resolve("500000"))
        let part = try #require(divisions.resolve("500153"))
        #expect(city.contains(district) && province.contains(district) && province.contains(city))
        #expect(!district.contains(city) && !city.contains(province) && district.contains(district))
        #expect(
            municipality.contains(part) && !part.contains(municipality) && !province.contains(part)
        )
        #expect(district.description == "广东省湛江市麻章区")
        #expect(part.description == "重庆市荣昌区")
    }

    @Test("names from the configuration are districts of their city")
    func locals() throws {
        let divisions = Divisions(adding: [
            LocalDivision(name: "经开区", city: "湛江市"), LocalDivision(name: "第一师", city: "阿拉尔市"),
        ])
        let split = divisions.split(unitName: "湛江市经开区总工会", year: 2023)
        #expect(
            split.region
                == Region(
                    code: "440800",
                    province: "广东省",
                    city: "湛江市",
                    district: "经开区",
                    local: true
                )
        )
        #expect(split.rest == "总工会")
        #expect(divisions.split(unitName: "经开区总工会").region?.city == "湛江市")
        #expect(divisions.split(unitName: "第一师总工会").region?.city == "阿拉尔市")
        #expect(!Divisions.standard.split(unitName: "经开区总工会").hasRegion)
    }
}

@Suite("Every division of the table")
struct EveryDivisionTests {
    @Test("a unit's name with all that is above its district splits back into it")
    func fullNames() {
        let divisions = Divisions.standard
        for division in divisions.all where division.isValid(in: 2022) {
            let region = divisions.region(division, year: 2022)
            let names = [region.description, region.keyParts?.joined() ?? ""]
            for name in names {
                let split = divisions.split(unitName: name + "总工会", year: 2022)
                #expect(split.region?.sameNames(region) == true, "\(name)")
                #expect(split.rest == "总工会", "\(name)")
            }
        }
    }

    @Test("a district alone is itself when its name is unique, and ambiguous when it is shared")
    func districtsAlone() {
        let divisions = Divisions.standard
        for division in divisions.all where division.isValid(in: 2023) && division.level == .county
        {
            let region = divisions.region(division, year: 2023)
            let sharers = divisions.divisions(named: division.name, year: 2023)
            let split = divisions.split(unitName: division.name + "财政局", year: 2023)
            #expect(split.rest == "财政局", "\(division)")
            if sharers.count == 1 {
                #expect(split.region == region, "\(division)")
            } else {
                #expect(split.region?.city == nil, "\(division)")
                #expect(split.region?.candidates.count == sharers.count, "\(division)")
            }
        }
    }

    @Test("a city's stem in front of its district is that city")
    func stems() {
        let divisions = Divisions.standard
        for division in divisions.all where division.isValid(in: 2023) && division.level == .county
        {
            let region = divisions.region(division, year: 2023)
            guard let city = region.city, region.district != nil, city.hasSuffix("市") else {
                continue
            }
            let name = city.dropLast() + division.name + "教育局"
            let split = divisions.split(unitName: String(name), year: 2023)
            #expect(split.region?.sameNames(region) == true, "\(name)")
            #expect(split.rest == "教育局", "\(name)")
        }
    }
}

extension Region {
    fileprivate func sameNames(_ other: Region) -> Bool {
        keyParts == other.keyParts && province == other.province
    }
}
