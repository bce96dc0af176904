@testable import ValkeyClient

extension SlotWorld.State {
    /// One request of a client that follows redirections.
    mutating func client() {
        let key = "k\(Int.random(in: 0..<120, using: &random))"
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<chances.deletes: remove(key)
        case 0...4: write(key)
        default: read(key)
        }
    }

    mutating func write(_ key: String) {
        written += 1
        let value = written
        guard let place = find(key) else { return }
        set(Self.slot(key), key, value, at: place)
        truth[key] = .some(value)
        unreplicated.remove(key)
    }

    private mutating func remove(_ key: String) {
        guard let place = find(key) else { return }
        if nodes[place].keys[Self.slot(key)]?[key] != nil { set(Self.slot(key), key, nil, at: place) }
        truth[key] = .some(nil)
        unreplicated.remove(key)
    }

    private mutating func read(_ key: String) {
        guard let place = find(key), !unreplicated.contains(key) else { return }
        let value = nodes[place].keys[Self.slot(key)]?[key]
        guard value != truth[key, default: nil] else { return }
        wrongReads.append("\(key) read \(value.map { "\($0)" } ?? "nothing") at \(place), written \(truth[key] as Any)")
    }

    /// Who serves the key, by way of what the nodes say; nil where nobody does.
    func find(_ key: String) -> Int? {
        let slot = Self.slot(key)
        guard var place = nodes.indices.first(where: { nodes[$0].isUp && nodes[$0].primary == nil }) else { return nil }
        var isAsking = false
        for _ in 0..<8 {
            guard nodes[place].isUp else { return nil }
            let has = nodes[place].keys[slot]?[key] != nil
            if nodes[place].primary == nil, nodes[place].view[slot] == place {
                guard !has, let target = nodes[place].migrating[slot] else { return place }
                (place, isAsking) = (target, true)
            } else if isAsking, nodes[place].primary == nil, nodes[place].importing[slot] != nil {
                return place
            } else {
                guard let next = nodes[place].view[slot], next != place else { return nil }
                (place, isAsking) = (next, false)
            }
        }
        return nil
    }

    /// What is wrong at the end: keys that are lost, old, doubled or where nobody finds them; slots open or in dispute.
    var faults: [String] {
        var faults = wrongReads + dropped.filter { !unreplicated.contains($0) }.map { "\($0) was dropped" }
        let primaries = nodes.indices.filter { nodes[$0].isUp && nodes[$0].primary == nil }
        for slot in SlotWorld.activeSlots {
            let owners = primaries.filter { nodes[$0].view[slot] == $0 }
            if owners.count != 1 { faults.append("slot \(slot) has the owners \(owners)") }
            let open = primaries.filter { nodes[$0].migrating[slot] != nil || nodes[$0].importing[slot] != nil }
            if !open.isEmpty { faults.append("slot \(slot) is open at \(open)") }
        }
        for (key, value) in truth.sorted(by: { $0.key < $1.key }) where !unreplicated.contains(key) {
            let holders = primaries.filter { nodes[$0].keys[Self.slot(key)]?[key] != nil }
            guard let value else {
                if !holders.isEmpty { faults.append("\(key) was deleted and is at \(holders)") }
                continue
            }
            let place = find(key)
            if holders != [place ?? -1] {
                faults.append("\(key) is at \(holders), found at \(place.map { "\($0)" } ?? "nobody")")
            }
            if place.flatMap({ nodes[$0].keys[Self.slot(key)]?[key] }) != value {
                faults.append("\(key) is lost or old")
            }
        }
        return faults
    }
}
