import Foundation

/// The processor time that other processes use.
enum Processor {
    /// User and system time of all threads since the start; nil if the system does not tell. In steps of 10 ms.
    static func microseconds(of process: Int32) -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The name, in parentheses, may have spaces.
            let end = text.lastIndex(of: ")")
        else { return nil }
        // Source: proc_pid_stat(5): utime and stime are the fields 14 and 15, the state behind the name is the third.
        let fields = text[end...].dropFirst(2).split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) * 1_000_000 / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }
}
