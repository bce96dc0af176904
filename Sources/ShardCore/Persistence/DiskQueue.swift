/// Changes on their way to the disk, numbered from 1: first those that no commit has taken, then those of the commit under
/// way; and how far the disk is.
struct DiskQueue: Sendable {
    private(set) var unwritten: [DiskChange] = []
    private(set) var writing: [DiskChange] = []
    /// All that these weigh in memory, and those of the commit under way among them.
    private(set) var bytes = 0
    private var writingBytes = 0
    private(set) var last: UInt64 = 0
    private var lastWriting: UInt64 = 0
    /// Changes up to this one are on the disk.
    private(set) var durable: UInt64 = 0
    /// The epoch in force as the disk has it; 0 if nothing was written since the start.
    private(set) var durableEpoch: UInt64 = 0

    mutating func add(_ change: DiskChange) {
        last += 1
        unwritten.append(change)
        bytes += change.memoryBytes
    }

    /// All that is to be written next; nil if there is nothing or a commit is under way.
    mutating func beginCommit() -> [DiskChange]? {
        guard writing.isEmpty, !unwritten.isEmpty else { return nil }
        swap(&writing, &unwritten)
        writingBytes = bytes
        lastWriting = last
        return writing
    }

    mutating func endCommit() {
        assert(!writing.isEmpty, "a commit ended that never began")
        assert(lastWriting >= durable, "the disk holds less than before")
        if let last = writing.last { durableEpoch = last.state.record.layout.epoch }
        writing.removeAll()
        bytes -= writingBytes
        assert(bytes >= 0, "more was written than there was to write")
        writingBytes = 0
        durable = lastWriting
    }

    /// The changes of the commit under way are to be written again, before those that came since.
    mutating func failCommit() {
        assert(!writing.isEmpty, "a commit failed that never began")
        unwritten = writing + unwritten
        writing.removeAll()
        writingBytes = 0
    }
}
