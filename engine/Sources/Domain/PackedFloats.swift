internal import Foundation

/// Numbers in a message between two programs of one machine: four bytes each, in base64. As digits they would be most of
/// the message, and take most of the time that it takes to write and read it.
public struct PackedFloats: Sendable, Equatable {
    public var values: [Float]

    public init(_ values: [Float]) {
        self.values = values
    }
}

extension PackedFloats: Codable {
    /// - Throws: `DecodingError` for what isn't base64 of whole, finite numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let size = MemoryLayout<UInt32>.size
        guard let bytes = Data(base64Encoded: try container.decode(String.self)), bytes.count % size == 0 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "These are no packed numbers.")
        }
        values = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: size).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
        guard values.allSatisfy(\.isFinite) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "A number is not finite.")
        }
    }

    /// - Throws: `EncodingError` for numbers that are not finite, as JSON has it.
    public func encode(to encoder: any Encoder) throws {
        guard values.allSatisfy(\.isFinite) else {
            throw EncodingError.invalidValue(
                values, .init(codingPath: encoder.codingPath, debugDescription: "A number is not finite."))
        }
        let bytes = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
        var container = encoder.singleValueContainer()
        try container.encode(bytes.base64EncodedString())
    }
}

/// Activations whose numbers travel packed.
@propertyWrapper
public struct PackedActivations: Codable, Sendable, Equatable {
    public var wrappedValue: [HeadActivation]

    public init(wrappedValue: [HeadActivation]) {
        self.wrappedValue = wrappedValue
    }

    private struct Packed: Codable {
        var headID: String
        var columns: Int
        var rows: Int
        var values: PackedFloats
    }

    public init(from decoder: any Decoder) throws {
        wrappedValue = try [Packed](from: decoder).map {
            HeadActivation(headID: $0.headID, columns: $0.columns, rows: $0.rows, values: $0.values.values)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        try wrappedValue.map {
            Packed(headID: $0.headID, columns: $0.columns, rows: $0.rows, values: PackedFloats($0.values))
        }.encode(to: encoder)
    }
}
