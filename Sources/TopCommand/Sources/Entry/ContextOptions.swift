import ArgumentParser
import Foundation
import HostSystem
import ShardClient
import ShardWire

/// Keeps the causal context between calls of the program.
struct ContextOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the causal context from this file if it exists, and keep the new one there. With it, calls see "
                + "what the calls before them saw, through whichever node.", valueName: "file"))
    var context: String?

    func load() throws -> CausalContext {
        guard let context, FileManager.default.fileExists(atPath: context) else { return .none }
        let text: String
        do {
            text = try String(contentsOfFile: context, encoding: .utf8)
        } catch {
            throw Failure(.fileTrouble, "cannot read \(context): \(error.words)")
        }
        guard !text.allSatisfy(\.isWhitespace) else { return .none }
        guard let json = JSONText(text) else { throw Failure(.fileTrouble, "\(context) holds no causal context") }
        return CausalContext(json: json)
    }

    func save(_ value: CausalContext) throws {
        guard let context else { return }
        do {
            try Data(value.json.bytes).write(to: URL(fileURLWithPath: context), options: .atomic)
        } catch {
            throw Failure(.fileTrouble, "cannot write \(context): \(error.words)")
        }
    }
}
