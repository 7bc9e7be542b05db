// swift-tools-version: 6.2
import PackageDescription

/// The Swift programs of the benchmarks, apart from every build and test of the house.
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
