import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct HelpTests {
    @Test(arguments: ["shardnode", "shardtop"])
    func aProgramsHelpFitsATerminalAndHasNoWordsLeftOver(_ name: String) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: try TerminalSession.program(name))
        process.arguments = ["--help"]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count > 40)
        #expect(lines.filter { $0.count > 80 }.isEmpty)
        // A line much shorter than the others ends its paragraph.
        for (line, next) in zip(lines, lines.dropFirst()) where !line.hasPrefix(" ") && !line.isEmpty {
            #expect(line.count > 50 || next.isEmpty || next.hasPrefix(" "), "\(line)")
        }
    }
}
