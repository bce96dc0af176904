// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "shardtop",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "shardnode", targets: ["NodeCommand"]),
        .executable(name: "shardtop", targets: ["TopCommand"]),
        .executable(name: "shardbench", targets: ["BenchCommand"]),
        .executable(name: "shardsim", targets: ["SimCommand"]),
        .executable(name: "shardtrial", targets: ["TrialCommand"]),
        .library(name: "ShardClient", targets: ["ShardClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // What is shown and asked of a cluster, whatever its engine; imports nothing.
        .target(name: "ClusterModel", swiftSettings: strict),
        // Numbers and nouns for people; imports nothing.
        .target(name: "Wording", swiftSettings: strict),
        .target(
            name: "ShardCore",
            dependencies: [
                .product(name: "BitCollections", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ShardWire", dependencies: ["ClusterSecurity", "HostSystem", "ShardCore", "Wording"],
            swiftSettings: strict
        ),
        // Who may do what at a node: roles, tokens, and the file that names them; for nodes and clients.
        .target(
            name: "ClusterSecurity", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        // Makes and shows the certificates of a cluster of nodes.
        .target(
            name: "Certificates",
            dependencies: [
                "HostSystem",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict
        ),
        // What the operating system tells and refuses: clocks, costs, limits, errors.
        .target(name: "HostSystem", dependencies: ["CCrashEnd"], swiftSettings: strict),
        .target(name: "CCrashEnd"),
        .target(
            name: "ShardNode",
            dependencies: [
                "ClientTLS", "ClusterSecurity", "HostSystem", "ShardCore", "ShardWire", "Wording",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ShardClient",
            dependencies: [
                "ClientTLS", "ClusterModel", "ClusterSecurity", "HostSystem", "ShardCore", "ShardWire", "Wording",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        // TLS as clients speak it: files, and what goes wrong.
        .target(
            name: "ClientTLS",
            dependencies: [
                "HostSystem",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        // Valkey and Redis Cluster.
        .target(
            name: "ValkeyClient",
            dependencies: [
                "ClientTLS", "ClusterModel", "HostSystem", "Wording",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ShardSim",
            dependencies: [
                "ShardCore", "ShardWire",
                .product(name: "BitCollections", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        // What programs that start nodes of their own have in common.
        .target(
            name: "LocalNodes", dependencies: [.product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict
        ),
        // Real servers of Valkey and Redis in folders of their own: for the demo, trials and tests.
        .target(
            name: "LocalServers",
            dependencies: [
                "LocalNodes", "ValkeyClient",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        // Real nodes over real sockets, injured on purpose.
        .target(
            name: "ShardTrial",
            dependencies: [
                "Certificates", "ClientTLS", "LocalNodes", "LocalServers", "ShardClient", "ShardCore", "ShardSim",
                "ShardWire", "ValkeyClient",
                .product(name: "BitCollections", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(
            name: "CNcurses",
            pkgConfig: "ncursesw",
            providers: [.apt(["libncurses-dev"]), .brew(["ncurses"])]
        ),
        .target(name: "CTerminalGuard"),
        .target(name: "TerminalUI", dependencies: ["CNcurses", "CTerminalGuard"], swiftSettings: strict),
        // Knows clusters by their model alone: no engine is among what it depends on.
        .target(
            name: "Dashboard", dependencies: ["ClusterModel", "HostSystem", "TerminalUI", "Wording"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "NodeCommand",
            dependencies: [
                "HostSystem", "ShardNode",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "TopCommand",
            dependencies: [
                "Certificates", "ClientTLS", "ClusterModel", "ClusterSecurity", "Dashboard", "HostSystem", "LocalNodes",
                "LocalServers", "ShardClient", "ShardCore",
                "ShardWire", "TerminalUI", "ValkeyClient", "Wording",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "BenchCommand",
            dependencies: [
                "ClusterModel", "Dashboard", "HostSystem", "LocalServers", "PaperCluster", "ShardClient", "ShardCore",
                "ShardWire", "TerminalUI", "ValkeyClient",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "SimCommand",
            dependencies: [
                "ShardSim", "ShardCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "TrialCommand",
            dependencies: [
                "LocalServers", "ShardTrial", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "ClusterModelTests", dependencies: ["ClusterModel"], swiftSettings: strict),
        .testTarget(name: "CertificatesTests", dependencies: ["Certificates"], swiftSettings: strict),
        .testTarget(name: "ClusterSecurityTests", dependencies: ["ClusterSecurity"], swiftSettings: strict),
        .testTarget(name: "HostSystemTests", dependencies: ["HostSystem"], swiftSettings: strict),
        .testTarget(name: "TerminalUITests", dependencies: ["TerminalUI"], swiftSettings: strict),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "ClusterModel", "Dashboard", "HostSystem", "ShardClient", "ShardCore", "ShardWire", "TerminalUI",
                "Wording",
            ],
            exclude: ["Golden"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ShardCoreTests",
            dependencies: ["ShardCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .testTarget(
            name: "ShardWireTests", dependencies: ["HostSystem", "ShardWire", "ShardCore"], swiftSettings: strict),
        .testTarget(
            name: "ShardSimTests", dependencies: ["ShardSim", "ShardCore", "ShardWire"], exclude: ["Plays/Texts"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ShardNodeTests",
            dependencies: [
                "CAllocations", "ClusterSecurity", "HostSystem", "PaperAuthority", "ShardNode", "ShardCore",
                "ShardWire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        // Certificates of all kinds, those that must be refused among them.
        .target(
            name: "PaperAuthority",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            path: "Tests/Support/PaperAuthority",
            swiftSettings: strict
        ),
        // For tests alone: it replaces the program's malloc.
        .target(name: "CAllocations"),
        // Nodes of another implementation, for the client's tests and for trying the dashboard by hand.
        .target(
            name: "BasicNodes",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/Support/BasicNodes",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "BasicNodesCommand",
            dependencies: ["BasicNodes", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/Support/BasicNodesCommand",
            swiftSettings: strict
        ),
        .testTarget(
            name: "TopCommandTests",
            dependencies: [
                "TopCommand", "ClusterModel", "HostSystem", "LocalNodes", "LocalServers", "ShardClient", "ShardCore",
                "ShardWire", "BasicNodes", "PaperCluster",
                "ClientTLS", "ClusterSecurity", "Dashboard", "ValkeyClient", "Wording",
                "TerminalUI",
            ],
            swiftSettings: strict
        ),
        // Drives the programs in tmux; depends on them so that they are built.
        .testTarget(
            name: "TerminalTests",
            dependencies: [
                "LocalServers", "NodeCommand", "TopCommand",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ShardTrialTests",
            dependencies: [
                "ClusterSecurity", "LocalNodes", "NodeCommand", "PaperAuthority", "ShardTrial", "ShardCore",
            ],
            swiftSettings: strict
        ),
        // A cluster of scripted RESP servers, for what real ones do not do on demand.
        .target(
            name: "PaperCluster",
            dependencies: [
                "ValkeyClient",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Support/PaperCluster",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ValkeyClientTests",
            dependencies: [
                "ClientTLS", "ClusterModel", "LocalServers", "PaperCluster", "ValkeyClient",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ShardClientTests",
            dependencies: [
                "BasicNodes", "Certificates", "ClientTLS", "ClusterModel", "ClusterSecurity", "HostSystem",
                "ShardClient", "ShardCore", "ShardWire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
