/// How far a load is.
struct LoadProgress: Sendable, Equatable {
    var keys = 0
    var total: Int
    var keysPerSecond = 0
    var inFlight = 0
    /// Puts under way that take longer than answers usually do.
    var waiting = 0
    var waitingMicrosecondsMax: UInt64 = 0
    var failed = 0
    /// Of the first put that failed.
    var problem: String?

    /// One line for a person.
    var words: String {
        var parts = ["\(Words.count(keys)) of \(Words.count(total)) keys", "\(Words.count(keysPerSecond)) keys/s"]
        parts.append("\(Words.count(inFlight)) in flight")
        if waiting > 0 {
            parts.append(
                "\(Words.count(waiting)) waiting (longest \(Words.time(microseconds: waitingMicrosecondsMax)))")
        }
        if failed > 0 { parts.append("\(Words.count(failed)) failed\(problem.map { ": \($0)" } ?? "")") }
        return parts.joined(separator: ", ")
    }
}
