// swift-tools-version:6.2
import PackageDescription

/// The same rules for every Swift target: explicit existentials, visible imports, no warning left standing.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let domain = Target.Dependency.product(name: "Domain", package: "engine")
let workerProtocol = Target.Dependency.product(name: "WorkerProtocol", package: "engine")
let reportDocuments = Target.Dependency.product(name: "ReportDocuments", package: "engine")
let dicomDocuments = Target.Dependency.product(name: "DicomDocuments", package: "engine")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdHTTP2 = Target.Dependency.product(name: "HummingbirdHTTP2", package: "hummingbird")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "lightbox-server",
    products: [.executable(name: "lightbox", targets: ["lightbox"])],
    dependencies: [
        .package(path: "../engine"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/vapor/jwt-kit.git", exact: "5.7.1"),
    ],
    targets: [
        // Pure: what is answered to a question, and what a language model may say.
        .target(name: "Assistant", dependencies: [domain], swiftSettings: swiftSettings),
        .testTarget(
            name: "AssistantTests", dependencies: ["Assistant", domain], exclude: ["Data"],
            swiftSettings: swiftSettings),

        // What the product does, and the protocols it needs for that.
        .target(
            name: "Workflows", dependencies: ["Assistant", domain, crypto, logging, metrics, tracing],
            swiftSettings: swiftSettings),
        .testTarget(name: "WorkflowsTests", dependencies: ["Workflows", domain], swiftSettings: swiftSettings),

        // Adapters: one folder per outside thing. None imports another.
        .target(
            name: "SQLiteStore", dependencies: ["Observability", "Workflows", domain, crypto, grdb, logging, metrics],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SQLiteStoreTests", dependencies: ["SQLiteStore", "Observability", "Workflows", domain, grdb],
            swiftSettings: swiftSettings),
        .target(
            name: "AuditTrail", dependencies: ["Workflows", domain, grdb, crypto, logging, metrics],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "AuditTrailTests", dependencies: ["AuditTrail", "Custody", "Workflows", domain, grdb, logging],
            swiftSettings: swiftSettings),
        .target(
            name: "OperatorAccess", dependencies: ["Workflows", jwtKit, crypto, logging], swiftSettings: swiftSettings),
        .testTarget(
            name: "OperatorAccessTests", dependencies: ["OperatorAccess", "Workflows", jwtKit, crypto, logging],
            swiftSettings: swiftSettings),
        .target(
            name: "ReportRendering",
            dependencies: ["Assistant", "Workflows", domain, reportDocuments, dicomDocuments, crypto],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ReportRenderingTests",
            dependencies: [
                "ReportRendering", "Assistant", "Workflows", domain, reportDocuments, dicomDocuments, crypto,
            ],
            swiftSettings: swiftSettings),
        .target(name: "Custody", dependencies: ["Workflows", domain, crypto], swiftSettings: swiftSettings),
        .testTarget(
            name: "CustodyTests", dependencies: ["Custody", "Workflows", domain, crypto], swiftSettings: swiftSettings),
        .target(name: "CMemoryFile"),
        .target(
            name: "BlobStorage", dependencies: ["Workflows", "CMemoryFile", domain, crypto, logging, metrics],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "BlobStorageTests", dependencies: ["BlobStorage", "Workflows", domain, crypto],
            swiftSettings: swiftSettings),
        .target(
            name: "LanguageModels",
            dependencies: ["Workflows", asyncHTTPClient, nioCore, nioHTTP1, logging, metrics, tracing],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "LanguageModelsTests",
            dependencies: ["LanguageModels", "Workflows", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, logging],
            swiftSettings: swiftSettings),
        .target(name: "CProcess"),
        .target(
            name: "WorkerPool", dependencies: ["CProcess", "CMemoryFile", domain, workerProtocol, logging, metrics],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "WorkerPoolTests", dependencies: ["WorkerPool", domain, workerProtocol],
            swiftSettings: swiftSettings),
        .target(
            name: "Observability", dependencies: ["CProcess", logging, metrics, coreMetrics, tracing],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ObservabilityTests", dependencies: ["Observability", "Workflows", logging, coreMetrics, tracing],
            swiftSettings: swiftSettings),
        .target(
            name: "Telemetry",
            dependencies: [
                "Observability", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL, crypto, logging, metrics,
            ], swiftSettings: swiftSettings),
        .testTarget(
            name: "TelemetryTests", dependencies: ["Telemetry", "Observability", crypto], swiftSettings: swiftSettings),
        .target(name: "Multipart", swiftSettings: swiftSettings),
        .testTarget(name: "MultipartTests", dependencies: ["Multipart"], swiftSettings: swiftSettings),
        .target(name: "Resumable", swiftSettings: swiftSettings),
        .testTarget(name: "ResumableTests", dependencies: ["Resumable"], swiftSettings: swiftSettings),

        // The network.
        .target(
            name: "Listener",
            dependencies: [
                hummingbird, hummingbirdCore, hummingbirdHTTP2, httpTypes, nioCore, nioHTTP1, nioHTTPTypes, nioSSL,
                logging, metrics,
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ListenerTests",
            dependencies: [
                "Listener", hummingbird, httpTypes, nioCore, nioHTTP1, nioHTTPTypes, nioEmbedded, nioPosix,
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "WebAPI",
            dependencies: [
                "Assistant", "AuditTrail", "Listener", "Observability", "Workflows", "Multipart", "Resumable", domain,
                hummingbird, httpTypes, tracing, nioCore, nioHTTPTypes, logging,
                metrics,
                crypto,
            ],
            swiftSettings: swiftSettings),

        .testTarget(
            name: "WebAPITests",
            dependencies: [
                "WebAPI", "Listener", "Workflows", domain, hummingbird, httpTypes, nioCore, nioHTTPTypes, nioEmbedded,
            ],
            swiftSettings: swiftSettings),

        // The only one that imports everything.
        .executableTarget(
            name: "lightbox",
            dependencies: [
                "Assistant", "AuditTrail", "LanguageModels", "Workflows", "SQLiteStore", "BlobStorage", "Custody",
                "ReportRendering", "OperatorAccess",
                "WorkerPool", "Observability", "Telemetry", "Listener", tracing,
                "WebAPI",
                domain,
                reportDocuments, hummingbird, serviceLifecycle, unixSignals, nioCore, argumentParser, logging, metrics,
                workerProtocol, crypto,
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "LightboxTests",
            dependencies: ["lightbox", "WebAPI", "Workflows", "Custody", "SQLiteStore", "Observability", domain],
            swiftSettings: swiftSettings),
    ]
)
