import ValkeyClient

/// What goes wrong with a command, as a test set it.
public struct PaperFault: Sendable {
    public enum Effect: Sendable {
        /// The command is not carried out, and answered with this: `LOADING …`.
        case error(String)
        /// It is not carried out, and answered with this.
        case reply(RESPValue)
        /// It is carried out, and answered with these bytes as they stand.
        case bytes([UInt8])
        /// It is not carried out; nothing is answered any more on that connection.
        case silence
        /// It is carried out, answered with the first bytes of its reply, and the connection closed.
        case cut(afterBytes: Int)
        /// It is carried out, and answered with a text that is announced as so long.
        case oversize(bytes: Int)
        /// It is carried out and answered later.
        case delay(Duration)
        /// The node ends as by `kill -9`, before the command or after it; nobody gets an answer.
        case death(afterDoing: Bool)

        /// What is no reply at all.
        public static let garbage = Effect.bytes(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    }

    /// The node's place; nil for all.
    public var node: Int?
    /// The words that the command begins with, in capitals: `CLUSTER SETSLOT`. Empty for all.
    public var command: String
    public var effect: Effect
    /// So many commands that it would hit are let through first.
    public var skipping: Int
    /// So many are hit; nil for all that come.
    public var times: Int?

    public init(
        _ effect: Effect, on command: String, at node: Int? = nil, skipping: Int = 0, times: Int? = 1
    ) {
        self.node = node
        self.command = command
        self.effect = effect
        self.skipping = skipping
        self.times = times
    }
}

extension PaperState {
    /// What goes wrong with a command, if anything does; counts it.
    mutating func fault(_ words: [String], at node: Int) -> PaperFault.Effect? {
        let line = words.joined(separator: " ").uppercased() + " "
        for index in faults.indices {
            let fault = faults[index]
            guard fault.node == nil || fault.node == node, fault.command.isEmpty || line.hasPrefix(fault.command + " ")
            else { continue }
            if fault.skipping > 0 {
                faults[index].skipping -= 1
                continue
            }
            guard let times = fault.times else { return fault.effect }
            if times > 0 {
                faults[index].times = times - 1
                return fault.effect
            }
        }
        return nil
    }
}
