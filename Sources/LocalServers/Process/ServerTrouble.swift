/// Something is wrong with the servers on this machine, in words for a person.
package struct ServerTrouble: Error, CustomStringConvertible {
    package let words: String
    /// The last lines that the server in question logged; empty if the trouble is not one server's.
    package var log = ""

    package init(_ words: String, log: String = "") {
        self.words = words
        self.log = log
    }

    package var description: String { log.isEmpty ? words : "\(words)\n\(log)" }
}

/// Another program took a port between the look at it and the server's start: all begin anew, on others.
struct PortsTaken: Error {}
