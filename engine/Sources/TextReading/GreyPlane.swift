/// 8-bit grey values, row by row from the top left.
struct GreyPlane {
    let width: Int
    let height: Int
    var pixels: [UInt8]

    init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// How much brighter each pixel is than what is left when everything narrower than `edge` pixels in both directions
    /// is taken away (white top-hat): strokes of letters stand out, bones and soft tissue do not.
    func strokes(narrowerThan edge: Int) -> GreyPlane {
        var opened = self
        opened.slide(edge, forwards: true) { Swift.min($0, $1) }
        opened.slide(edge, forwards: false) { Swift.max($0, $1) }
        pixels.withUnsafeBufferPointer { own in
            opened.pixels.withUnsafeMutableBufferPointer { other in
                for index in other.indices { other[index] = own[index] - other[index] }
            }
        }
        return opened
    }

    var inverted: GreyPlane {
        GreyPlane(width: width, height: height, pixels: pixels.map { 255 - $0 })
    }

    /// Each pixel becomes the least (or greatest) of the square of `edge` pixels whose first (or, backwards, last) corner
    /// it is. Windows grow by doubling, so that the work is a logarithm of the edge; at the border they are cut.
    private mutating func slide(_ edge: Int, forwards: Bool, _ choose: (UInt8, UInt8) -> UInt8) {
        var other = pixels
        for isVertical in [false, true] {
            var reach = 1
            while reach < edge {
                let step = Swift.min(reach, edge - reach)
                combine(into: &other, step: step, isVertical: isVertical, forwards: forwards, choose)
                swap(&pixels, &other)
                reach += step
            }
        }
    }

    @inline(__always)
    private func combine(
        into other: inout [UInt8], step: Int, isVertical: Bool, forwards: Bool, _ choose: (UInt8, UInt8) -> UInt8
    ) {
        pixels.withUnsafeBufferPointer { source in
            other.withUnsafeMutableBufferPointer { target in
                // Vertically the whole picture is one run: its rows lie `width` apart.
                let length = isVertical ? width * height : width
                let distance = isVertical ? step * width : step
                for start in stride(from: 0, to: width * height, by: length) {
                    let end = start + length
                    let (near, far) = distance < length ? (start + distance, end - distance) : (end, start)
                    if forwards {
                        for index in start..<far { target[index] = choose(source[index], source[index + distance]) }
                        for index in far..<end { target[index] = source[index] }
                    } else {
                        for index in start..<near { target[index] = source[index] }
                        for index in near..<end { target[index] = choose(source[index], source[index - distance]) }
                    }
                }
            }
        }
    }
}
