/// A disk that cannot be written.
extension Replica {
    /// Takes no writes in while they could not be kept; reads go on.
    mutating func noteDisk(isWritable: Bool) {
        guard disk.note(isWritable: isWritable) else { return }
        note(
            .warning, node: address,
            isWritable
                ? "\(address) can write to its disk again; it takes writes"
                : "\(address) cannot write to its disk; it refuses writes, and reads go on")
        requests.open.noteKnowledge()
        if isWritable { beatNow() }
    }

    /// True for messages that would add to what the disk has to take, or are answered by a word that it has something.
    func isTooMuchForDisk(_ message: Message) -> Bool {
        !isDiskWritable && message.rules.loadsDisk
    }
}
