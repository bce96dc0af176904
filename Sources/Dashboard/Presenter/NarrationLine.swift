import ClusterModel
import TerminalUI

/// The narration in the ordinary view: a line in the rule below the header, while a change runs.
extension Drawing {
    func drawNarration(_ canvas: inout Canvas, _ rect: Rect) {
        guard let change = model.shownChange, !change.isOver else { return }
        let narration = narration
        let word = "\(narration.word): "
        guard let sentence = narration.sentence(width: rect.width - word.columns - 4) else { return }
        let style = narration.level.map(theme.style(of:)) ?? theme.accent
        canvas.put(
            [Span(" "), Span(word, style.adding(.bold)), Span(sentence + " ", theme.plain)], x: rect.x + 1, y: rect.y,
            width: rect.width - 2)
    }
}

extension Narration {
    /// As many of the sentences as fit, from the first on; nil if not even the first fits.
    func sentence(width: Int) -> String? {
        var fitting: String?
        var rest = sentence[...]
        while let end = rest.firstRange(of: ". ")?.lowerBound
            ?? (rest.isEmpty ? nil : sentence.index(before: sentence.endIndex))
        {
            let whole = sentence[...end]
            guard String(whole).columns <= width else { break }
            fitting = String(whole)
            rest = sentence[sentence.index(after: end)...]
            if rest.first == " " { rest = rest.dropFirst() }
        }
        return fitting
    }
}
