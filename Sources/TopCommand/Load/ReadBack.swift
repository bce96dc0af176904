/// Reads what a ``LoadRun`` put, each key through another node than the one it was put through.
struct ReadBack: Sendable {
    struct Result: Sendable, Equatable {
        var read = 0
        var missing = 0
        var wrong = 0
        var failed = 0
        /// Of the first key that was not as it was put.
        var problem: String?

        var isClean: Bool { missing == 0 && wrong == 0 && failed == 0 }
    }

    let load: LoadRun
    /// Every so manieth key is read.
    var step = 1
    /// The keys before this one were written to by others, who check the values themselves.
    var overwritten = 0
    /// Called after each key.
    var told: @Sendable () -> Void = {}

    func run() async -> Result {
        await withTaskExecutorPreference(load.store.executor) { await read() }
    }

    private func read() async -> Result {
        let shared = Locked(Result())
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<min(load.concurrency, load.count) {
                group.addTask {
                    for index in stride(from: worker * step, to: load.count, by: load.concurrency * step)
                    where !Task.isCancelled {
                        await check(index, shared)
                    }
                }
            }
        }
        return shared.withLock { $0 }
    }

    private func check(_ index: Int, _ shared: Locked<Result>) async {
        defer { told() }
        let key = load.key(index)
        do throws(KeyTrouble) {
            let found = try await load.store.look(key, for: load.value(index), turn: index + 1)
            shared.withLock { result in
                result.read += 1
                switch found.holding {
                case .nothing:
                    result.missing += 1
                    result.problem = result.problem ?? "\(key) is missing through \(found.node)"
                case .other where index >= overwritten:
                    result.wrong += 1
                    result.problem = result.problem ?? "\(key) has another value through \(found.node)"
                case .wanted, .other: break
                }
            }
        } catch {
            shared.withLock { result in
                result.failed += 1
                result.problem = result.problem ?? "\(key): \(error)"
            }
        }
    }
}
