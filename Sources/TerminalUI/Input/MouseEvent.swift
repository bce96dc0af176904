/// An action of the mouse, and its cell, from 0 at the upper left.
public struct MouseEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable, CaseIterable { case click, wheelUp, wheelDown }

    public var kind: Kind
    public var x: Int
    public var y: Int

    public init(_ kind: Kind, x: Int, y: Int) {
        self.kind = kind
        self.x = x
        self.y = y
    }
}
