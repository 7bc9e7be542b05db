// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target of ours: Swift 6 mode, explicit existentials and imports, no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Programs carry the Swift runtime, so that they run when moved to a machine without Swift.
let programSettings: [SwiftSetting] =
    strict + [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]
let programLinking: [LinkerSetting] = [
    .unsafeFlags(
        // Nobody looks symbols of a program up by name; told to the loader, they cost each start half a millisecond.
        ["-static-stdlib", "-Xlinker", "--gc-sections", "-Xlinker", "--no-export-dynamic"],
        .when(configuration: .release)
    )
]

/// The commit that programs print with their version; ops/package tells it.
let commit: [CSetting] =
    Context.environment["REPORTD_COMMIT"].map { [.define("REPORTD_COMMIT", to: "\"\($0)\"")] } ?? []

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTestUtils: Target.Dependency = .product(name: "NIOTestUtils", package: "swift-nio")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "reportd",
    products: [
        .library(name: "ReportModel", targets: ["ReportModel"]),
        .library(name: "ReportParsing", targets: ["ReportParsing"]),
        .library(name: "ReportStore", targets: ["ReportStore"]),
        .library(name: "ReportClient", targets: ["ReportClient"]),
        .library(name: "LMDB", targets: ["LMDB"]),
        .executable(name: "reportd", targets: ["reportd"]),
        .executable(name: "reportd-worker", targets: ["reportd-worker"]),
        .executable(name: "reportctl", targets: ["reportctl"]),
        .executable(name: "reportctl-export", targets: ["reportctl-export"]),
        .executable(name: "reportctl-nats", targets: ["reportctl-nats"]),
        .executable(name: "reportctl-pki", targets: ["reportctl-pki"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess",
            from: "1.0.2",
            traits: []
        ),
    ],
    targets: [
        .systemLibrary(
            name: "CLMDB",
            pkgConfig: "lmdb",
            providers: [.apt(["liblmdb-dev"])]
        ),
        .systemLibrary(
            name: "CZstd",
            pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"])]
        ),
        .systemLibrary(
            name: "CXXHash",
            pkgConfig: "libxxhash",
            providers: [.apt(["libxxhash-dev"])]
        ),
        .systemLibrary(
            name: "CZip",
            pkgConfig: "libzip",
            providers: [.apt(["libzip-dev"])]
        ),
        .systemLibrary(
            name: "CXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .systemLibrary(
            name: "CXLSXWriter",
            pkgConfig: "xlsxwriter",
            providers: [.apt(["libxlsxwriter-dev"])]
        ),
        .systemLibrary(
            name: "CNATS",
            pkgConfig: "libnats",
            providers: [.apt(["libnats-dev"])]
        ),
        .target(
            name: "CPoppler",
            linkerSettings: [.linkedLibrary("poppler-cpp")]
        ),
        .target(name: "CSandbox"),
        .target(name: "CPageFault"),
        .target(name: "CReportd", cSettings: commit),
        .target(name: "Descriptors", swiftSettings: strict),
        .target(name: "Failpoints", swiftSettings: strict),
        .target(
            name: "LMDB",
            dependencies: ["CLMDB", "CPageFault", "Failpoints"],
            swiftSettings: strict
        ),
        .target(name: "ReportModel", dependencies: [crypto], swiftSettings: strict),
        .target(name: "ReportCompression", dependencies: ["CZstd"], swiftSettings: strict),
        .target(
            name: "ReportParsing",
            dependencies: ["ReportModel", "CPoppler", "CZip", "CXML2", crypto],
            swiftSettings: strict
        ),
        .target(
            name: "ReportConverters",
            dependencies: ["ReportModel", "ReportParsing", "Descriptors", "CSandbox"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportStore",
            dependencies: [
                "ReportModel", "ReportCompression", "LMDB", "CXXHash", "Descriptors",
                "Failpoints", crypto,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ReportPostgres",
            dependencies: ["ReportModel", "ReportCompression", "ReportStore", "Failpoints"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportPipe",
            dependencies: ["ReportModel", "ReportStore", "Descriptors"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportNATS",
            dependencies: ["ReportModel", "ReportPipe", "CNATS"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportExport",
            dependencies: ["ReportModel"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportArchives",
            dependencies: ["ReportModel", "ReportExport", "CXLSXWriter", "CZip"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportWire",
            dependencies: ["ReportModel", "ReportCompression", "CXXHash", nioCore],
            swiftSettings: strict
        ),
        .target(
            name: "ReportSync",
            dependencies: ["ReportModel", "ReportWire", crypto, nioCore],
            swiftSettings: strict
        ),
        .target(
            name: "ReportTLS",
            dependencies: [
                "ReportModel", "Descriptors", "Failpoints", nioCore, nioSSL, nioTLS,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ReportAuthority",
            dependencies: ["ReportModel", "ReportTLS", x509, asn1, crypto],
            swiftSettings: strict
        ),
        .target(
            name: "ReportIntake",
            dependencies: ["ReportModel", "Descriptors", "CReportd", subprocess, systemPackage],
            swiftSettings: strict
        ),
        .target(
            name: "ReportClient",
            dependencies: [
                "ReportModel", "ReportStore", "ReportWire", "ReportIntake", "ReportTLS",
                nioCore, nioPosix, nioSSL,
            ],
            path: "clients/ReportClient",
            swiftSettings: strict
        ),
        .target(
            name: "ReportTestKit",
            dependencies: ["ReportModel", "ReportStore"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportDaemon",
            dependencies: [
                "ReportModel", "ReportStore", "ReportWire", "ReportSync", "ReportIntake",
                "ReportTLS", "ReportAuthority", "ReportClient", "ReportPostgres", "CReportd",
                "Descriptors", "Failpoints",
                nioCore, nioHTTP1, nioPosix, nioSSL, nioTLS, logging, lifecycle, yams,
            ],
            path: "daemon/ReportDaemon",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "reportd",
            dependencies: [
                "ReportDaemon", "ReportCommands", "ReportIntake", "ReportModel", arguments,
            ],
            path: "daemon/reportd",
            swiftSettings: programSettings,
            linkerSettings: programLinking
        ),
        .executableTarget(
            name: "reportd-worker",
            dependencies: ["ReportModel", "ReportParsing", "ReportConverters", "ReportIntake"],
            path: "daemon/reportd-worker",
            swiftSettings: programSettings,
            linkerSettings: programLinking
        ),
        .target(
            name: "ReportCommands",
            dependencies: [
                "ReportModel", "ReportClient", "ReportIntake", "ReportStore", "ReportExport",
                "ReportPostgres", "Descriptors", "Failpoints", arguments,
            ],
            path: "clients/ReportCommands",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "reportctl",
            dependencies: ["ReportCommands"],
            path: "clients/reportctl",
            swiftSettings: programSettings,
            linkerSettings: programLinking
        ),
        .executableTarget(
            name: "reportctl-export",
            dependencies: [
                "ReportCommands", "ReportModel", "ReportClient", "ReportStore", "ReportExport",
                "ReportArchives", "ReportIntake", "Descriptors", "Failpoints", arguments,
            ],
            path: "clients/reportctl-export",
            swiftSettings: programSettings,
            linkerSettings: programLinking
        ),
        .executableTarget(
            name: "reportctl-nats",
            dependencies: [
                "ReportCommands", "ReportModel", "ReportClient", "ReportStore", "ReportIntake",
                "ReportPipe", "ReportNATS", arguments,
            ],
            path: "clients/reportctl-nats",
            swiftSettings: programSettings,
            linkerSettings: programLinking
        ),
        .executableTarget(
            name: "reportctl-pki",
            dependencies: [
                "ReportCommands", "ReportModel", "ReportWire", "ReportTLS", "ReportAuthority",
                "ReportClient", "ReportIntake", arguments,
            ],
            path: "clients/reportctl-pki",
            swiftSettings: programSettings,
            linkerSettings: programLinking
        ),
        .executableTarget(
            name: "embedding-example",
            dependencies: ["ReportStore"],
            path: "Sources/Examples/EmbeddingExample",
            swiftSettings: strict
        ),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB", "CLMDB"], swiftSettings: strict),
        .testTarget(name: "ReportModelTests", dependencies: ["ReportModel"], swiftSettings: strict),
        .testTarget(
            name: "ReportParsingTests",
            dependencies: ["ReportParsing", "ReportModel"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportConvertersTests",
            dependencies: ["ReportConverters", "ReportParsing", "ReportModel"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportStoreTests",
            dependencies: ["ReportStore", "ReportModel", "ReportTestKit", "LMDB", crypto],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportPostgresTests",
            dependencies: ["ReportPostgres", "ReportStore", "ReportModel", "ReportTestKit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportPipeTests",
            dependencies: ["ReportPipe", "ReportStore", "ReportModel", "ReportTestKit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportExportTests",
            dependencies: [
                "ReportExport", "ReportArchives", "ReportStore", "ReportModel", "ReportTestKit",
                "ReportParsing", "CZip",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportWireTests",
            dependencies: [
                "ReportWire", "ReportModel", "ReportCompression", nioCore, nioEmbedded,
                nioTestUtils,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportSyncTests",
            dependencies: ["ReportSync", "ReportWire", "ReportModel", nioCore, crypto],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportAuthorityTests",
            dependencies: [
                "ReportAuthority", "ReportTLS", "ReportModel", nioCore, nioEmbedded, nioPosix,
                nioSSL,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportIntakeTests",
            dependencies: ["ReportIntake", "ReportModel"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportDaemonTests",
            dependencies: [
                "ReportDaemon", "ReportModel", "ReportIntake", "ReportStore", "ReportSync",
                "ReportWire", "ReportTLS", "ReportAuthority", "ReportClient", "ReportTestKit",
                "Descriptors",
                nioCore, nioEmbedded, nioHTTP1, nioPosix, nioSSL, logging,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "ReportModel", "ReportStore", "ReportWire", "ReportTLS", "ReportAuthority",
                "ReportTestKit", "ReportCompression", "Failpoints", "store-writer", nioCore,
                nioPosix, nioSSL,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "store-writer",
            dependencies: ["ReportModel", "ReportStore", "ReportTestKit"],
            path: "Tests/store-writer",
            swiftSettings: strict
        ),
        .target(
            name: "FuzzSupport",
            path: "Tests/FuzzSupport",
            swiftSettings: strict
        ),
        .target(
            name: "ReportWireFuzz",
            dependencies: [
                "FuzzSupport", "ReportModel", "ReportWire", "ReportStore", "ReportTestKit",
                nioCore,
            ],
            path: "Tests/ReportWireFuzz",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "reportd-fuzz-wire",
            dependencies: ["ReportWireFuzz"],
            path: "Tests/reportd-fuzz-wire",
            swiftSettings: strict
        ),
        .target(
            name: "ReportFuzz",
            dependencies: ["FuzzSupport", "ReportModel", "ReportParsing", "CZip"],
            path: "Tests/ReportFuzz",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "reportd-fuzz",
            dependencies: ["ReportFuzz"],
            path: "Tests/reportd-fuzz",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["ReportFuzz", "ReportWireFuzz"],
            swiftSettings: strict
        ),
        .target(
            name: "ReportSimulation",
            dependencies: [
                "ReportModel", "ReportSync", "ReportWire", "ReportTestKit", "ReportDaemon",
                "ReportIntake", nioCore,
            ],
            path: "Tests/ReportSimulation",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "reportd-simulate",
            dependencies: ["ReportSimulation"],
            path: "Tests/reportd-simulate",
            swiftSettings: strict
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["ReportSimulation"],
            swiftSettings: strict
        ),
    ]
)
