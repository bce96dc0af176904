import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print what lets a shell complete the commands and their flags.",
        discussion: """
            Put its output where the shell looks for it, and open a new shell:

              cd ~/.local/share/bash-completion/completions
              shardtop completions bash > shardtop

              shardtop completions zsh > ~/.zfunc/_shardtop
              (with 'fpath+=~/.zfunc' before compinit in ~/.zshrc)

              shardtop completions fish > ~/.config/fish/completions/shardtop.fish
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() { Output.line(Self.script(for: shell)) }

    static func script(for shell: Shell) -> String {
        switch shell {
        case .bash: ShardTop.completionScript(for: .bash)
        case .zsh: ShardTop.completionScript(for: .zsh)
        case .fish: ShardTop.completionScript(for: .fish)
        }
    }
}
