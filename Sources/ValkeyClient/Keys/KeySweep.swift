/// Deletes many keys, several at a time.
public enum KeySweep {
    private static let atOnceMax = 32

    /// - Returns: how many could not be deleted.
    public static func delete(_ keys: some Sequence<String> & Sendable, _ store: KeyClient) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            var failed = 0
            var underWay = 0
            for key in keys where !Task.isCancelled {
                if underWay == atOnceMax, await group.next() == false { failed += 1 }
                underWay = min(underWay + 1, atOnceMax)
                group.addTask { (try? await store.delete(key)) != nil }
            }
            for await isDeleted in group where !isDeleted { failed += 1 }
            return failed
        }
    }
}
