import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show where the configuration file is, and what it may say.",
        discussion: """
            Flags win over the environment, that over the file, the file over the defaults. Without --write the path \
            goes to standard error and a commented template to standard output.

              shardtop config
              shardtop config --write         makes the file where there is none
            """)

    @Flag(help: "Make the file from the template, unless it exists.") var write = false

    func run() async throws {
        try await Failure.reported {
            guard let path = ConfigFile.path() else {
                throw Failure(.usage, "neither XDG_CONFIG_HOME nor HOME names a folder for the file")
            }
            if write {
                try ConfigFile.write(to: path)
                Output.line(path)
            } else {
                Output.error(path)
                Output.line(ConfigFile.template)
                // A mistake in the file is said here too, where one looks for it.
                _ = try ConfigFile.load()
            }
        }
    }
}
