/// The drawing, in a picture, of a character that is made to meet its neighbours: fonts leave seams between them.
enum CellShape {
    /// A part of the cell, in eighths of its sides.
    case block(left: Int, top: Int, width: Int, height: Int)
    /// All of the cell, with so many quarters of the ink.
    case shade(quarters: Int)
    /// A line across the cell, or down it.
    case across, down
    /// A round corner, from the middle of the cell to these two sides.
    case corner(isRight: Bool, isDown: Bool)

    init?(_ character: Character) {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else { return nil }
        switch scalar.value {
        case 0x2580: self = .block(left: 0, top: 0, width: 8, height: 4)
        case 0x2591...0x2593: self = .shade(quarters: Int(scalar.value - 0x2590))
        case 0x2581...0x2588:
            let eighths = Int(scalar.value - 0x2580)
            self = .block(left: 0, top: 8 - eighths, width: 8, height: eighths)
        case 0x2589...0x258F: self = .block(left: 0, top: 0, width: Int(0x2590 - scalar.value), height: 8)
        case 0x2500: self = .across
        case 0x2502: self = .down
        case 0x256D: self = .corner(isRight: true, isDown: true)
        case 0x256E: self = .corner(isRight: false, isDown: true)
        case 0x256F: self = .corner(isRight: false, isDown: false)
        case 0x2570: self = .corner(isRight: true, isDown: false)
        default: return nil
        }
    }

    /// True for one that a neighbour of the same kind continues to the right.
    var isContinued: Bool {
        switch self {
        case .block(_, _, let width, _): width == 8
        case .across, .shade: true
        case .down, .corner: false
        }
    }

    /// The element that draws it over `width` by `height` pixels from a place on. Edges lie on whole pixels where a
    /// neighbour goes on.
    func element(x: Int, y: Int, width: Int, height: Int, ink: String) -> String {
        func rect(_ left: Double, _ top: Double, _ width: Double, _ height: Double) -> String {
            #"<rect x="\#(left.short)" y="\#(top.short)" width="\#(width.short)" height="\#(height.short)" fill="\#(ink)"/>"#
        }
        let (left, top) = (Double(x), Double(y))
        // Half a pixel up, so that a line of one pixel is one.
        let (middleX, middleY) = (left + Double(width) / 2, top + Double(height / 2) - 0.5)
        switch self {
        case .block(let l, let t, let w, let h):
            return rect(
                left + Double(width * l) / 8, top + Double(height * t) / 8, Double(width * w) / 8,
                Double(height * h) / 8)
        case .shade(let quarters):
            let whole = rect(left, top, Double(width), Double(height))
            return whole.dropLast(2) + #" fill-opacity="\#(Double(quarters) / 4)"/>"#
        case .across: return rect(left, middleY - 0.5, Double(width), 1)
        case .down: return rect(middleX - 0.5, top, 1, Double(height))
        case .corner(let isRight, let isDown):
            let side = isRight ? left + Double(width) : left
            let end = isDown ? top + Double(height) : top
            return
                #"<path d="M\#(middleX.short) \#(end.short)Q\#(middleX.short) \#(middleY.short) \#(side.short) \#(middleY.short)" fill="none" stroke="\#(ink)" shape-rendering="auto"/>"#
        }
    }
}

extension Double {
    /// Without a fraction that says nothing.
    fileprivate var short: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}
