/// A disk that cannot be written.
extension Replica {
    /// Takes no writes in while they could not be kept; reads go on.
    mutating func noteDisk(isWritable: Bool) {
        guard disk.note(isWritable: isWritable) else { return }
        note(.disk(isWritable: isWritable))
        requests.open.noteKnowledge()
        if isWritable { beatNow() }
    }

    /// True for messages that would add to what the disk has to take, or are answered by a word that it has something.
    func isTooMuchForDisk(_ message: Message) -> Bool {
        !disk.isWritable && message.rules.loadsDisk
    }
}
