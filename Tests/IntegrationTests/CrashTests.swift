import Glibc
import ReportModel
import Testing

extension IntegrationTests {
    /// kill -9 at random moments.
    @Suite struct Crash {
        @Test("no file is lost or doubled when a county, and now and then its city, are killed")
        func killedCounty() throws {
            let count = min(CrashChecks.setting("REPORTD_CRASH_FILES", 500), Documents.count)
            let seed = CrashChecks.setting("REPORTD_CRASH_SEED", Int.random(in: 1...Int.max))
            print("REPORTD_CRASH_SEED=\(seed) REPORTD_CRASH_FILES=\(count)")
            var random = Dice(seed: UInt64(seed))
            let root = try TestFolder()
            let region = "湛江市/麻章区"
            let county = try NodeProcess("麻章区", in: root, inboxRegion: region)
            let city = try NodeProcess("湛江市", in: root)
            try NodeProcess.connect([(county, region)], to: city)
            try city.start()
            try county.start()

            var dropped = 0
            var crashes = 0
            var outcomesAtStart = 0
            var nextCrash = Clock.now + Double.random(in: 0.5...2, using: &random)
            // Not more on a slow machine, where a node that is killed at once comes to nothing.
            let crashLimit = max(10, count / 10)
            let allowance = max(1800, 0.4 * Double(count))
            let deadline = Clock.now + allowance
            while dropped < count || CrashChecks.outcomes(of: county) < count {
                guard Clock.now < deadline else {
                    throw TestFailure(
                        "\(CrashChecks.outcomes(of: county)) of \(count) files after \(allowance) seconds, "
                            + "\(crashes) crashes: \(county.shownLog)"
                    )
                }
                if dropped < count {
                    let batch = Int.random(in: 1...8, using: &random)
                    for index in dropped..<min(count, dropped + batch) {
                        try county.drop(Documents.numbered(index).text, as: "报告\(index).txt")
                    }
                    dropped = min(count, dropped + batch)
                }
                usleep(UInt32.random(in: 1_000...60_000, using: &random))
                // On a slow machine, too, each life brings the files forward.
                if Clock.now >= nextCrash, crashes < crashLimit,
                    CrashChecks.outcomes(of: county) > outcomesAtStart
                {
                    county.crash()
                    crashes += 1
                    if Int.random(in: 0..<4, using: &random) == 0 {
                        city.crash()
                        try city.start()
                    }
                    outcomesAtStart = CrashChecks.outcomes(of: county)
                    try county.start()
                    nextCrash = Clock.now + Double.random(in: 0.5...2, using: &random)
                }
            }
            print("crashes: \(crashes)")
            #expect(crashes > 0 || count < 100)
            try CrashChecks.run(county, city, count: count)
        }
    }
}
