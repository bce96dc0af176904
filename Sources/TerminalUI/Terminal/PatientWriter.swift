import CTerminalGuard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes plain text to a file, a pipe or a terminal that may hang.
public enum PatientWriter {
    public struct Gone: Error {
        /// The system's, for why not.
        public var number: Int32
    }

    private static let turnMilliseconds: Int32 = 100

    /// Writes all of it, or gives up once `isEnough` says so, which is asked ten times a second while there is no room.
    /// - Throws: ``Gone`` where nobody can write there any more.
    public static func write(_ text: String, to descriptor: Int32, until isEnough: () -> Bool) throws(Gone) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                guard_write_within(descriptor, $0.baseAddress, $0.count, turnMilliseconds)
            }
            guard count >= 0 else { throw Gone(number: errno) }
            rest = rest.dropFirst(count)
            if !rest.isEmpty, isEnough() { return }
        }
    }
}
