import CNcurses
import CTerminalGuard

/// Input from the terminal.
extension Terminal {
    func receive(_ source: InputWatcher.Source) {
        switch source {
        case .bytes(let bytes): tell(decoder.take(bytes))
        case .signal(let number): handle(signal: number)
        case .lost: lose()
        }
    }

    private func tell(_ inputs: [TerminalInput]) {
        for input in inputs {
            switch input {
            case .key(.control("z")): feed.yield(.suspend)
            case .key(let key): feed.yield(.key(key))
            case .mouse(let event): feed.yield(.mouse(event))
            case .paste(let paste): feed.yield(.paste(paste))
            case .unreadable: feed.yield(.unreadable)
            case .background(let rgb):
                question.answered(rgb)
                feed.yield(.background(rgb))
            case .attributes: endQuestion()
            }
        }
        flushing?.cancel()
        guard let patience = decoder.patienceMilliseconds else { return }
        flushing = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(patience))
            guard !Task.isCancelled, let self else { return }
            self.tell(self.decoder.flush())
        }
    }

    private func handle(signal number: Int32) {
        switch number {
        case SIGWINCH: updateSize()
        case SIGTSTP: feed.yield(.suspend)
        case SIGCONT: goOn()
        default:
            isEnding = true
            feed.yield(.terminate(signal: number))
        }
    }

    /// Continued: in the foreground the terminal is taken again, in the background there is nothing to do but to stop.
    private func goOn() {
        guard !TerminalJob.isInForeground else {
            comeBack()
            feed.yield(.resumed)
            return
        }
        Task { [weak self] in
            // A signal that was to end the process came together with the one that continued it.
            try? await Task.sleep(for: .milliseconds(50))
            guard let self, !self.isEnding, !TerminalJob.isInForeground else { return }
            self.stopInBackground()
        }
    }
}

/// The question that the terminal was asked, the answer once it is there, and the call that waits for it.
@MainActor
struct OpenQuestion {
    private(set) var isOpen = false
    private(set) var background: UInt32?
    private var asker: CheckedContinuation<UInt32?, Never>?

    mutating func begin() { isOpen = true }

    mutating func answered(_ rgb: UInt32) {
        background = rgb
        tell()
    }

    /// Nothing more will come.
    mutating func end() {
        isOpen = false
        tell()
    }

    mutating func wait(_ asker: CheckedContinuation<UInt32?, Never>) {
        self.asker = asker
        if !isOpen || background != nil { tell() }
    }

    /// Whoever waits goes on, answered or not.
    mutating func tell() {
        asker?.resume(returning: background)
        asker = nil
    }
}

extension Terminal {
    /// The colour of the terminal's ground, 0xRRGGBB; nil if it does not say so within this time. A later answer comes
    /// as ``ScreenInput/background(_:)``.
    public func background(within limit: Duration) async -> UInt32? {
        guard TerminalKind.current.isLikeXterm else { return nil }
        question.begin()
        decoder.isAnswerAwaited = true
        send(TerminalQuestion.background)
        Task { [weak self] in
            try? await Task.sleep(for: Self.answerMax)
            self?.endQuestion()
        }
        let timer = Task { [weak self] in
            try? await Task.sleep(for: limit)
            self?.question.tell()
        }
        let answer = await withCheckedContinuation { question.wait($0) }
        timer.cancel()
        return answer
    }

    /// A terminal that has not answered by then does not.
    private static let answerMax = Duration.seconds(2)

    private func endQuestion() {
        question.end()
        decoder.isAnswerAwaited = false
    }

    /// An answer that comes when the shell has the terminal again would stand on its command line.
    func awaitAnswer() {
        guard question.isOpen else { return }
        guard_drop_input(STDIN_FILENO, 100)
        question.end()
    }
}
