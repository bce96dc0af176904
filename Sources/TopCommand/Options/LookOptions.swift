import ArgumentParser
import Dashboard

/// The look of the dashboard and its poll interval, from all sources.
struct DashboardLook: Equatable, Sendable {
    /// Nil for the theme that suits the terminal's background.
    var theme: ThemeName?
    var isASCII = false
    var hasMouse = true
    var pollMilliseconds: UInt64 = 1_000
    /// Begin with the presenter's view.
    var isPresenting = false
    /// Whether the view and its order are kept from one start to the next.
    var remembersView = true
}

/// The look of the dashboard, on the command line.
struct LookOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Draw with ASCII characters only.") var ascii: Bool?
    @Option(help: "Of the screen: dark, light or mono. Default: as the terminal's ground is.") var theme: ThemeName?

    @Flag(inversion: .prefixedNo, help: "Take the mouse, or leave it to the terminal, which selects text with it.")
    var mouse: Bool?
    @Flag(help: "Begin with the presenter's view: the cluster for a hall, in plain words. V changes between the two.")
    var present = false

    /// The look by the flags, else by the file, else by the defaults.
    func look(_ config: Config) -> DashboardLook {
        var look = DashboardLook()
        look.isASCII = ascii ?? config.isASCII ?? look.isASCII
        look.theme = theme ?? config.theme ?? look.theme
        look.hasMouse = mouse ?? config.hasMouse ?? look.hasMouse
        look.remembersView = config.remembersView ?? look.remembersView
        look.pollMilliseconds = config.pollMilliseconds ?? look.pollMilliseconds
        look.isPresenting = present
        return look
    }
}

/// The poll interval of a cluster, on the command line.
struct PollOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Between polls while nothing moves, \(Config.pollWords) milliseconds. Default: 1000.",
            valueName: "milliseconds"))
    var poll: UInt64?

    func validate() throws {
        if let poll, !Config.pollMillisecondsAllowed.contains(poll) {
            throw ValidationError("The time between polls is \(Config.pollWords) milliseconds.")
        }
    }
}
