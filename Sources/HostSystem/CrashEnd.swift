import CCrashEnd

/// How this process ends where it crashes.
public enum CrashEnd {
    /// For a backtrace, which takes 2 s on a busy machine. It is of use; but until the end the process has its files, and
    /// whoever would start it again waits for it.
    public static let secondsMax: UInt32 = 5

    /// From now on a crash is told in a line on standard error and ends the process within ``secondsMax``, by the signal
    /// that it is; its sockets are shut at once, so that its ports are free. Swift's own backtrace is written where it is
    /// done until then. The same signals sent from outside, which Swift lets a process outlive, end it as well.
    ///
    /// - Parameter program: its name in the line.
    public static func bound(program: String) {
        crash_end_bound(program, secondsMax, Int32(clamping: FileLimit.raise()))
    }
}
