// swift-tools-version: 6.2
import PackageDescription

/// Programs of `ops/bench`. A package of its own, so that no build and no test of the house includes it.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "reportd", path: "../..")],
    targets: [
        .executableTarget(
            name: "reportd-bench",
            dependencies: [
                .product(name: "ReportModel", package: "reportd"),
                .product(name: "ReportParsing", package: "reportd"),
                .product(name: "ReportStore", package: "reportd"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .treatAllWarnings(as: .error),
            ]
        )
    ]
)
