import ArgumentParser
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct HelpTests {
    static let commands: [any ParsableCommand.Type] = [ShardTop.self] + ShardTop.configuration.subcommands

    @Test(arguments: commands.indices, [80, 120])
    func `no line of a command's help is longer than the terminal is wide`(_ index: Int, _ columns: Int) {
        let command = Self.commands[index]
        let text = ShardTop.helpMessage(for: command, includeHidden: true, columns: columns)
        let long = text.split(separator: "\n").filter { $0.count > columns }
        #expect(long.isEmpty, "\(command.configuration.commandName ?? "")")
    }

    /// A line that is too long is wrapped. What follows it has to begin anew, or single words are left on lines of
    /// their own; and what is set apart by its place must not be wrapped at all.
    @Test(arguments: commands.indices)
    func `a paragraph of a command's help is wrapped as one`(_ index: Int) {
        let lines = Self.commands[index].configuration.discussion
            .split(separator: "\n", omittingEmptySubsequences: false)
        for (line, next) in zip(lines, lines.dropFirst() + [""]) {
            if line.hasPrefix(" ") {
                #expect(line.count <= 80, "\(line)")
            } else if line.count > 80 {
                #expect(next.isEmpty, "\(next)")
            } else {
                #expect(line.isEmpty || next.isEmpty || next.hasPrefix(" "), "\(next)")
            }
        }
    }
}
