/// Why a trial could not be held, or what it found wrong.
public struct TrialError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
