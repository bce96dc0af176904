/// The content of a key.
public enum KeyContent: Sendable, Equatable {
    case nothing
    case text([UInt8])
    /// Of another type, as `list`, which is named and not read.
    case other(type: String)
}

extension KeyClient {
    /// Values that are larger are not read: they are told by their size.
    public static let valueBytesMax = 64 * 1024 * 1024

    /// Reads a key. A value that is no text is named, and never fetched.
    public func get(_ key: String) async throws(ServerError) -> (content: KeyContent, answer: KeyAnswer) {
        let bytes = Array(key.utf8)
        // A user who may not ask for the length may ask for the value all the same.
        let length = try await run(Command("STRLEN", key), bytes, mayFailWith: ["WRONGTYPE", "NOPERM"])
        if length.reply.error?.code == "WRONGTYPE" {
            let type = try await run(Command("TYPE", key), bytes)
            return (.other(type: type.reply.text?.printable(charactersMax: 40) ?? "unknown"), type)
        }
        guard (length.reply.integer ?? 0) <= Self.valueBytesMax else {
            throw ServerError(
                .refused, at: length.server, "the value has more than \(Self.valueBytesMax / 1024 / 1024) MB",
                advice: "Read it with another client.")
        }
        let answer = try await run(Command("GET", key), bytes, mayFailWith: ["WRONGTYPE"])
        switch answer.reply {
        case .null: return (.nothing, answer)
        case .error: return (.other(type: "other"), answer)
        default:
            guard let value = answer.reply.bytes else { throw .unexpected(answer, to: "GET") }
            return (.text(value), answer)
        }
    }

    /// Stores a text under a key. A value of another type there is not written over.
    ///
    /// - Parameter secondsToLive: nil: for ever.
    @discardableResult
    public func put(_ key: String, _ value: [UInt8], secondsToLive: Int? = nil) async throws(ServerError) -> KeyAnswer {
        let type = try await run(Command("TYPE", key), Array(key.utf8))
        if let type = type.reply.text, type != "none", type != "string" {
            throw ServerError(
                .refused, at: nil, "the key holds a \(type.printable(charactersMax: 40)), which would be lost",
                advice: "Delete it first.")
        }
        return try await store(key, value, secondsToLive: secondsToLive)
    }

    /// Stores a text under a key, whatever was there.
    @discardableResult
    public func store(
        _ key: String, _ value: [UInt8], secondsToLive: Int? = nil
    ) async throws(ServerError) -> KeyAnswer {
        let name = Array(key.utf8)
        var command = Command(bytes: [Array("SET".utf8), name, value])
        if let secondsToLive { command = command.adding("EX", "\(max(1, secondsToLive))") }
        let answer = try await run(command, name)
        guard answer.reply.isOK else { throw .unexpected(answer, to: "SET") }
        return answer
    }

    /// Deletes a key of any type.
    ///
    /// - Returns: whether it was there; nil if that is not known, as it may have been deleted by a try that was not
    ///   answered.
    public func delete(_ key: String) async throws(ServerError) -> (wasThere: Bool?, answer: KeyAnswer) {
        let answer = try await run(Command("DEL", key), Array(key.utf8))
        guard let count = answer.reply.integer else { throw .unexpected(answer, to: "DEL") }
        return (count > 0 ? true : answer.mayComeTwice ? nil : false, answer)
    }

    private func run(
        _ command: Command, _ key: [UInt8], mayFailWith codes: Set<String> = []
    ) async throws(ServerError) -> KeyAnswer {
        let answer = try await call(command, key: key)
        if let error = answer.reply.error, !codes.contains(error.code) {
            throw ServerError(error, to: command, at: answer.server)
        }
        return answer
    }
}

extension ServerError {
    fileprivate static func unexpected(_ answer: KeyAnswer, to name: String) -> ServerError {
        ServerError(.broken, at: answer.server, "it answered \(name) with \(answer.reply.kind)")
    }
}
