/// The entries that this node will own after a reshard, prepared beside those that it owns now.
extension Store {
    func isNext(_ position: Int) -> Bool {
        next.map { slots.nextGeneration(at: position) == $0.generation } ?? false
    }

    /// Begins a generation: what this node will own under `layout`.
    mutating func beginNext(_ layout: Layout, shard: Int?) {
        abandonNext()
        lastGeneration += 1
        next = Next(layout: layout, shard: shard, generation: lastGeneration)
    }

    /// True once every key held is hashed into the layout to come.
    var isTagged: Bool { next.map { $0.cursor >= slots.count } ?? false }

    /// Hashes up to `count` more slots into the layout to come.
    mutating func tag(_ count: Int) {
        guard let cursor = next?.cursor else { return }
        let end = min(slots.count, cursor + min(count, slots.count))
        for position in cursor..<max(end, cursor) where isHeld(position) { tag(at: position) }
        next?.cursor = max(end, cursor)
    }

    mutating func tag(at position: Int) {
        guard let next, let shard = next.shard, slots.nextGeneration(at: position) != next.generation,
            next.layout.shard(ofKey: slots.key(at: position)) == shard
        else { return }
        keepForNext(position)
    }

    mutating func keepForNext(_ position: Int) {
        assert(isHeld(position), "slot \(position) is kept for the layout to come, and holds nothing")
        guard let coming = next?.generation, slots.nextGeneration(at: position) != coming else { return }
        if slots.nextGeneration(at: position) == generation { slots.setGeneration(generation, at: position) }
        slots.setNextGeneration(coming, at: position)
        next?.tally.add(slots.entry(at: position), slots.key(at: position))
    }

    /// A new entry where the slots around it are hashed already is hashed at once.
    mutating func tagNew(_ position: Int) {
        guard let cursor = next?.cursor else { return }
        if position < cursor { tag(at: position) }
        if position == cursor {
            tag(at: position)
            next?.cursor = cursor + 1
        }
    }

    /// Takes an entry into the generation to come, of another shard than this node's own. True if it was news.
    @discardableResult
    mutating func stage(_ record: Record) -> Bool {
        guard let coming = next?.generation else { return false }
        guard let position = slot(of: record.key) else {
            let position = place(record.key, record.entry, generation: 0)
            slots.setNextGeneration(coming, at: position)
            if position == next?.cursor { next?.cursor += 1 }
            next?.tally.add(record.entry, record.key)
            noteTombstone(position)
            return true
        }
        if isHeld(position) {
            let isNews = merge(record.key, record.entry)
            keepForNext(position)
            return isNews
        }
        if isNext(position) {
            guard slots.version(at: position) < record.entry.version else { return false }
            next?.tally.remove(slots.entry(at: position), record.key)
        }
        slots.setEntry(record.entry, at: position)
        slots.setGeneration(0, at: position)
        slots.setNextGeneration(coming, at: position)
        next?.tally.add(record.entry, record.key)
        noteTombstone(position)
        return true
    }

    /// The records staged for the generation to come, without those that are held already.
    var stagedRecords: [Record] { slots.indices.filter { isNext($0) && !isHeld($0) }.map(record) }

    /// Gives up the generation to come.
    mutating func abandonNext() {
        guard next != nil else { return }
        next = nil
        leftover = 0
    }

    /// Puts the generation to come into force. Numbers of slots stay.
    mutating func promoteNext() {
        guard let next else { return }
        assert(next.generation > generation, "generation \(next.generation) comes after \(generation)")
        assert(next.tally.keys >= 0 && next.tally.tombstones >= 0, "the keys of the layout to come are counted wrong")
        generation = next.generation
        tally = next.tally
        self.next = nil
        leftover = 0
        endChanges()
        if touched != nil { touched = [] }
    }
}
