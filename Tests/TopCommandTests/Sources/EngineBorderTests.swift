import Foundation
import Testing

/// Where a third engine would go: one folder more here, and nothing elsewhere.
@Suite(.timeLimit(.minutes(10))) struct EngineBorderTests {
    private static let engines: Set<String> = ["ShardClient", "ShardCore", "ShardWire", "ValkeyClient"]
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Sources/TopCommand").standardizedFileURL

    /// The modules that a file imports, by the file's path in the program's folder.
    private func imports() throws -> [String: Set<String>] {
        let files = try #require(FileManager.default.enumerator(atPath: Self.folder.path))
        var imports: [String: Set<String>] = [:]
        for case let path as String in files where path.hasSuffix(".swift") {
            let text = try String(contentsOf: Self.folder.appendingPathComponent(path), encoding: .utf8)
            imports[path] = Set(text.matches(of: /(?m)^(?:@\w+ )*import (?:\w+ )??(\w+)/).map { String($0.1) })
        }
        return imports
    }

    @Test func `only the folders Sources and Demo know an engine`() throws {
        let imports = try imports()
        #expect(imports["Commands/WatchCommand.swift"]?.contains("ArgumentParser") == true, "the files are read")
        #expect(imports["Sources/EngineErrors.swift"]?.isSuperset(of: ["ShardClient", "ValkeyClient"]) == true)
        let strays = imports.filter { path, modules in
            !path.hasPrefix("Sources/") && !path.hasPrefix("Demo/") && !modules.isDisjoint(with: Self.engines)
        }
        #expect(strays.isEmpty, "\(strays.keys.sorted())")
    }
}
