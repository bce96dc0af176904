/// A command with its arguments, as bytes. Its description shows no argument that may be a secret or a value.
public struct Command: Sendable, Hashable {
    /// The name first.
    public let arguments: [[UInt8]]

    public init(_ name: String, _ words: String...) {
        self.init([name] + words)
    }

    public init(_ words: [String]) {
        arguments = words.map { Array($0.utf8) }
    }

    /// - Parameter arguments: the name first.
    public init(bytes arguments: [[UInt8]]) {
        self.arguments = arguments
    }

    /// The same with more arguments at its end.
    public func adding(_ words: String...) -> Command { adding(bytes: words.map { Array($0.utf8) }) }

    /// The same with more arguments at its end.
    public func adding(bytes more: [[UInt8]]) -> Command { Command(bytes: arguments + more) }

    /// In capitals; empty if there is none.
    public var name: String { word(0).uppercased() }

    private func word(_ index: Int) -> String {
        index < arguments.count ? String(decoding: arguments[index], as: UTF8.self) : ""
    }
}

extension Command: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Commands none of whose arguments can be a secret. Of others only the name is shown.
    private static let openNames: Set<String> = [
        "ASKING", "CLIENT", "CLUSTER", "COMMAND", "DBSIZE", "DEL", "EXISTS", "GET", "INFO", "PING", "READONLY",
        "REPLICAOF", "ROLE", "TTL", "TYPE", "WAIT",
    ]
    private static let shownArgumentsMax = 12

    public var description: String {
        let name = name.printable(charactersMax: 40)
        guard Self.openNames.contains(name), arguments.count > 1 else { return name }
        let shown = (1..<min(arguments.count, Self.shownArgumentsMax)).map { word($0).printable(charactersMax: 60) }
        return ([name] + shown + (arguments.count > Self.shownArgumentsMax ? ["…"] : [])).joined(separator: " ")
    }

    public var debugDescription: String { description }

    /// A dump shows no more than the description does.
    public var customMirror: Mirror { Mirror(self, children: ["command": description]) }
}
