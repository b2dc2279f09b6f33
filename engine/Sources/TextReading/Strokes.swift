/// A connected patch of pixels that stand out: a letter, or something of its size.
struct Shape {
    var left: Int
    var top: Int
    /// Behind the last column and row.
    var right: Int
    var bottom: Int
    /// Where its pixels are in ``StrokePlane/places``.
    var places: Range<Int>

    var width: Int { right - left }
    var height: Int { bottom - top }
}

/// What stands out in a picture, in one polarity, as shapes.
struct StrokePlane {
    /// How much each pixel stands out.
    let contrast: GreyPlane
    /// Indices of pixels, shape by shape.
    private(set) var places: [Int32] = []
    /// As large as letters.
    private(set) var letters: [Shape] = []
    /// Smaller: dots and dashes, and noise.
    private(set) var specks: [Shape] = []

    /// Pixels that stand out by less are ground.
    static let leastContrast: UInt8 = 60
    static let letterHeight = 8...110
    static let mostLetterWidth = 330
    /// More of them are noise, a grating or an attack.
    static let mostShapes = 2000
    /// Most rows that are kept, those with most letters: a page of a document need not be read to its end.
    static let mostRows = 40

    init(_ contrast: GreyPlane) {
        self.contrast = contrast
        var isOpen = contrast.pixels.map { $0 >= Self.leastContrast }
        for start in isOpen.indices where isOpen[start] {
            let shape = fill(from: start, &isOpen)
            guard shape.width >= 2, shape.height >= 2, shape.width <= Self.mostLetterWidth else { continue }
            if Self.letterHeight.contains(shape.height) {
                letters.append(shape)
            } else if shape.height < Self.letterHeight.lowerBound, shape.width < 40 {
                specks.append(shape)
            }
        }
        if letters.count > Self.mostShapes {
            let byStrength = letters.map { (strength: strength($0), shape: $0) }.sorted { $0.strength > $1.strength }
            letters = byStrength.prefix(Self.mostShapes).map(\.shape)
        }
        letters.sort { ($0.left, $0.top) < ($1.left, $1.top) }
    }

    private mutating func fill(from start: Int, _ isOpen: inout [Bool]) -> Shape {
        let (width, height) = (contrast.width, contrast.height)
        let first = places.count
        var shape = Shape(left: width, top: height, right: 0, bottom: 0, places: first..<first)
        places.append(Int32(start))
        isOpen[start] = false
        // What was found is the queue of what is still to be looked around.
        var next = first
        while next < places.count {
            let place = Int(places[next])
            next += 1
            let (y, x) = place.quotientAndRemainder(dividingBy: width)
            shape.left = min(shape.left, x)
            shape.right = max(shape.right, x + 1)
            shape.top = min(shape.top, y)
            shape.bottom = max(shape.bottom, y + 1)
            for row in max(0, y - 1)...min(height - 1, y + 1) {
                for column in max(0, x - 1)...min(width - 1, x + 1) where isOpen[row * width + column] {
                    isOpen[row * width + column] = false
                    places.append(Int32(row * width + column))
                }
            }
        }
        shape.places = first..<places.count
        return shape
    }

    private func strength(_ shape: Shape) -> Int {
        places[shape.places].reduce(0) { $0 + Int(contrast.pixels[Int($1)]) } / max(1, shape.places.count)
    }

    /// Letters that stand in a row, with the specks between them, and letters that stand alone.
    func rows() -> (rows: [[Shape]], alone: [Shape]) {
        var union = UnionFind(count: letters.count)
        for (index, one) in letters.enumerated() {
            for later in letters.indices.dropFirst(index + 1) {
                let other = letters[later]
                guard other.left - one.right <= Self.letterHeight.upperBound else { break }
                if Self.areNeighbours(one, other) { union.join(index, later) }
            }
        }
        var rows: [[Shape]] = []
        var alone: [Shape] = []
        for row in union.groups().map({ $0.map { letters[$0] } }) {
            let tallest = row.map(\.height).max() ?? 0
            if row.count >= 3 || row.reduce(0, { $0 + $1.width }) * 2 > tallest * 5 {
                rows.append(row)
            } else if row.count == 1 {
                alone.append(row[0])
            }
        }
        if rows.count > Self.mostRows {
            rows.sort { $0.count > $1.count }
            rows.removeLast(rows.count - Self.mostRows)
        }
        return (withSpecks(rows), alone)
    }

    private static func areNeighbours(_ one: Shape, _ other: Shape) -> Bool {
        let (low, high) = (min(one.height, other.height), max(one.height, other.height))
        let overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
        return other.left - one.right <= high && low * 5 >= high * 2 && overlap * 2 >= low
    }

    private func withSpecks(_ rows: [[Shape]]) -> [[Shape]] {
        guard specks.count <= Self.mostShapes else { return rows }
        return rows.map { row in
            guard let left = row.map(\.left).min(), let right = row.map(\.right).max(), let top = row.map(\.top).min(),
                let bottom = row.map(\.bottom).max()
            else { return row }
            let reach = (bottom - top) / 3
            return row
                + specks.filter {
                    $0.left >= left - reach && $0.right <= right + reach && $0.top >= top - reach
                        && $0.bottom <= bottom + reach
                }
        }
    }

    /// Draws shapes dark on white, with the soft edges around their pixels.
    ///
    /// - Parameters:
    ///   - origin: the place in this picture that becomes the canvas' top left.
    func draw(_ shapes: [Shape], on canvas: inout GreyPlane, originX: Int, originY: Int) {
        let (width, height) = (contrast.width, contrast.height)
        for place in shapes.flatMap({ places[$0.places] }) {
            let (y, x) = Int(place).quotientAndRemainder(dividingBy: width)
            for row in max(0, y - 1)...min(height - 1, y + 1) {
                for column in max(0, x - 1)...min(width - 1, x + 1) {
                    let (toX, toY) = (column - originX, row - originY)
                    guard toX >= 0, toY >= 0, toX < canvas.width, toY < canvas.height else { continue }
                    // Black where a pixel stands out by 140 or more.
                    let ink = min(255, Int(contrast.pixels[row * width + column]) * 255 / 140)
                    let index = toY * canvas.width + toX
                    canvas.pixels[index] = min(canvas.pixels[index], UInt8(255 - ink))
                }
            }
        }
    }
}

/// Which of several things belong together.
struct UnionFind {
    private var parents: [Int]

    init(count: Int) {
        parents = Array(0..<count)
    }

    private mutating func root(_ index: Int) -> Int {
        var place = index
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    mutating func join(_ one: Int, _ other: Int) {
        parents[root(one)] = root(other)
    }

    /// Each with its members in rising order.
    mutating func groups() -> [[Int]] {
        var members: [Int: [Int]] = [:]
        for index in parents.indices { members[root(index), default: []].append(index) }
        return members.values.sorted { $0[0] < $1[0] }
    }
}
