import Foundation
import HostSystem
import ShardCore
import ShardWire
import Testing

@Suite struct ErrorWordsTests {
    private struct Tells: TellingError { let description = "the words" }
    private struct Nameless: Error { let innerValue = 7 }
    private enum SomeCase: Error { case withPayload(reason: String) }

    private static func errors() -> [any Error] {
        var errors: [any Error] = [
            Tells(), Nameless(), SomeCase.withPayload(reason: "x"), CancellationError(),
            CocoaError(.fileReadUnknown), CocoaError(.featureUnsupported), POSIXError(.EISDIR), POSIXError(.EMFILE),
            NSError(domain: "OtherDomain", code: 5),
            NSError(
                domain: NSCocoaErrorDomain, code: CocoaError.fileWriteUnknown.rawValue,
                userInfo: [NSUnderlyingErrorKey: POSIXError(.EIO)]),
        ]
        func add(_ body: () throws -> Void) { do { try body() } catch { errors.append(error) } }
        add { _ = try String(contentsOfFile: "/", encoding: .utf8) }
        add { _ = try String(contentsOfFile: "/no/such/file", encoding: .utf8) }
        add { try Data().write(to: URL(fileURLWithPath: "/proc/none/x")) }
        add { try FileManager.default.createDirectory(atPath: "/dev/null/x", withIntermediateDirectories: true) }
        for json in ["", "[]", "{\"incarnation\":{}}", "{\"incarnation\":null}", "{\"incarnation\":\"x\"}", "{}"] {
            add { _ = try JSONDecoder().decode(EventPage.self, from: Data(json.utf8)) }
        }
        return errors
    }

    @Test func everyErrorIsToldInWords() {
        for error in Self.errors() {
            #expect(!error.words.isEmpty && isPlain(error.words), "\(error): \(error.words)")
        }
    }

    @Test func whatCanBeKnownIsSaid() {
        #expect(Tells().words == "the words")
        #expect(POSIXError(.EISDIR).words == "it is a folder, not a file")
        #expect(POSIXError(.EACCES).words == "permission denied")
        #expect(CocoaError(.fileReadNoSuchFile).words == "no such file or directory")
        do {
            _ = try JSONDecoder().decode(EventPage.self, from: Data("{\"incarnation\":1}".utf8))
        } catch {
            #expect(error.words == "'events' is missing")
        }
    }

    @Test func everyRefusalIsToldInWords() {
        let node = NodeAddress("10.0.0.1:8081")!
        let refusals: [Refusal] = [
            .dependenciesNotMet, .shardDown(shard: nil), .foreignContext, .noSuchShard(shard: 9, shardCount: 2),
            .notInShard, .notEnoughNodes(nodes: 1, shardCount: 2), .badShardCount(0), .changeRunning(operation: "x"),
            .noMajority(reached: 1, members: 3), .notRunning, .tooLateToAbort,
            .changeFailed(.aborted), .unknownNode(node), .memberElsewhere(node, shard: 1),
            .lastMember(node, shard: 1), .outdated(timestamp: 1), .busy, .stopping, .tooFewAcks(needed: 2),
            .unconfirmed(needed: 2), .diskFailing,
        ]
        for refusal in refusals { #expect(isPlain("\(refusal)"), "\(refusal)") }
    }

    /// No brackets, names of domains, or words with capitals within: those are the program's.
    private func isPlain(_ words: String) -> Bool {
        guard !words.contains("("), !words.contains("Domain") else { return false }
        let known = ["JSON", "UTF-8", "PUT"]
        return words.split { !$0.isLetter && $0 != "-" }.allSatisfy { word in
            known.contains(String(word)) || !word.dropFirst().contains(where: \.isUppercase)
        }
    }
}
