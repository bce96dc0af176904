import CNcurses

extension KeyEvent {
    /// What ncurses read: a character, or one of its key codes. Nil for keys that nothing here uses.
    init?(curses value: UInt32, isCode: Bool) {
        guard isCode else {
            self.init(scalar: value)
            return
        }
        switch Int32(bitPattern: value) {
        case KEY_UP: self = .up
        case KEY_DOWN: self = .down
        case KEY_LEFT: self = .left
        case KEY_RIGHT: self = .right
        case KEY_HOME: self = .home
        case KEY_END: self = .end
        case KEY_PPAGE: self = .pageUp
        case KEY_NPAGE: self = .pageDown
        case KEY_ENTER: self = .enter
        case KEY_BTAB: self = .backTab
        case KEY_BACKSPACE: self = .backspace
        case KEY_DC: self = .delete
        case KEY_IC: self = .insert
        case let code where code > KEY_F0 && code <= KEY_F0 + 24: self = .function(Int(code - KEY_F0))
        default: return nil
        }
    }

    private init?(scalar value: UInt32) {
        switch value {
        case 0x09: self = .tab
        case 0x0A, 0x0D: self = .enter
        case 0x1B: self = .escape
        case 0x08, 0x7F: self = .backspace
        case 0x01...0x1A:
            guard let letter = Unicode.Scalar(value + 0x60) else { return nil }
            self = .control(Character(letter))
        default:
            guard let scalar = Unicode.Scalar(value), let columns = scalar.columns, columns > 0 else { return nil }
            self = .character(Character(scalar))
        }
    }
}
