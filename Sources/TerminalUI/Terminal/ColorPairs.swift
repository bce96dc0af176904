import CNcurses

/// ncurses' colour pairs, made when they are first needed. There is a bounded number of them; beyond it text is drawn
/// in the terminal's own colours, which can always be read.
@MainActor
struct ColorPairs {
    private struct Key: Hashable {
        var foreground: Int32
        var background: Int32
    }

    private let depth: ColorDepth
    private let pairsMax: Int
    private var numbers: [Key: Int16] = [:]

    /// - Parameter pairsMax: what the terminal offers, pair 0 included.
    init(depth: ColorDepth, pairsMax: Int) {
        self.depth = depth
        self.pairsMax = min(pairsMax, 1024)
    }

    mutating func pair(for style: Style) -> Int16 {
        guard depth > .none else { return 0 }
        let key = Key(foreground: depth.number(of: style.foreground), background: depth.number(of: style.background))
        if key.foreground == -1, key.background == -1 { return 0 }
        if let known = numbers[key] { return known }
        guard numbers.count + 1 < pairsMax else { return 0 }
        let number = Int16(numbers.count + 1)
        guard init_extended_pair(Int32(number), key.foreground, key.background) == OK else { return 0 }
        numbers[key] = number
        return number
    }
}
