import Foundation

/// Small encoded pictures of 16 by 12 pixels, made with Pillow 13 and DCMTK 3.6.7. Where a picture is not one colour, its
/// pixel at (x, y) is ``byte(_:_:)`` or ``word(_:_:)``.
enum Fixture {
    static let width = 16
    static let height = 12

    static func byte(_ x: Int, _ y: Int) -> Int { (x * 13 + y * 7) & 255 }
    static func twelve(_ x: Int, _ y: Int) -> Int { (x * 211 + y * 97) & 4095 }
    static func word(_ x: Int, _ y: Int) -> Int { (x * 3571 + y * 911) & 65535 }

    /// The values of all pixels, row by row.
    static func all(_ value: (Int, Int) -> Int) -> [Int] {
        (0..<height).flatMap { y in (0..<width).map { x in value(x, y) } }
    }

    private static func bytes(_ base64: String) -> [UInt8] {
        Array(Data(base64Encoded: base64, options: .ignoreUnknownCharacters) ?? Data())
    }

    /// Red 200, green 100, blue 50 everywhere.
    static let jpegColour = bytes(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDA
        sKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAM
        ABADAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhBy
        JxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT
        lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAA
        AAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRom
        JygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExc
        bHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDPr+Vz+2AoAKACgD//2Q==
        """)

    static let jpegProgressive = bytes(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDA
        sKDAkKCgr/wgALCAAMABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/2gAIAQEAAAABC7QDXD//xAAZEAACAwEAAAAAAAAAAAAAAAAABgME
        BwX/2gAIAQEAAQUCRF8RF8RKcBoPZuqGQ//EAB0QAAICAgMBAAAAAAAAAAAAAAECAAMFIgQSE1H/2gAIAQEABj8CTSJpE1mYzuFbz5K8dKq7ex
        Br9LFrLKQQQwDkg/QJ/8QAGhAAAgMBAQAAAAAAAAAAAAAAABEBIUGhkf/aAAgBAQABPyHgYcDDxoomxJ3pBCmplpH/2gAIAQEAAAAQP//EABgQ
        AQADAQAAAAAAAAAAAAAAAAEAEEHR/9oACAEBAAE/EKkk71NTfdBaxpCAEv/Z
        """)

    static let jpegGrey = bytes(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ
        EBAQEBAQH/wAALCAAMABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIh
        MUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhI
        WGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APwv
        /YS/Z/8A+QN/oX/Pv/yz/wB32r+0D9hL9n//AJA3+hf8+/8Ayz/3favw5/YS8GaB/wASb/RP+ffuv+z/ALFfuB/wUG+MvjT9kP8A4JCfth/HT4
        KXf/CO/E3SPh/4K8AeGfFMGoeINI1nwd/wvL4sfD34F6z418I634T1vw14g8P/ABA8GeH/AIkar4p+HPiTT9Xi/wCEd8d6R4d1u6stXsrC50i+
        /9k=
        """)

    /// Inks 40, 120, 200, 30 of 255 everywhere, stored inverted as Adobe does.
    static let jpegInks = bytes(
        """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQECAQEBAQECAQEBAgICAgICAgICAwMEAwMDAwMCAgMEAwMEBAQEBAIDBQUEBA
        UEBAQE/8AAFAgADAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQEC
        AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dX
        Z3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E
        QwBNAFkASwAAPwD+riu4r+bev7CKKKKKKKKKKKKK/9k=
        """)

    /// Red is `byte`, green half of it, blue 255 minus it.
    static let webpLossless = bytes(
        """
        UklGRlQAAABXRUJQVlA4TEcAAAAvD8ACALkiRPQ/dhGF6X9ATdtG0P0H/aAVWqbbFbKNAN3nT3UoAyHSthF96UVDD4VJGzBJxy+mz2zBZtshyy
        Hv5g5HLBu9GAA=
        """)

    /// Red 200, green 100, blue 50 everywhere.
    static let webpLossy = bytes(
        """
        UklGRj4AAABXRUJQVlA4IDIAAADQAQCdASoQAAwAAMASJaACdLoB+AADsAD+2ib/7vN+09e09f1M//jKnyA/4yp/xcwAAA==
        """)

    /// White 200 with alpha 128 everywhere.
    static let webpAlpha = bytes(
        """
        UklGRh4AAABXRUJQVlA4TBEAAAAvD8ACEAdQ5CIXuYCBiOh/AAA=
        """)

    static let webpAnimated = bytes(
        """
        UklGRpoCAABXRUJQVlA4WAoAAAACAAAADwAACwAAQU5JTQYAAAAAAAAAAABBTk1GNAEAAAAAAAAAAA8AAAsAAAAAAAJWUDhMHAEAAC8PwAIA/6
        W2bRsmcpz/j25bdgRt2zY05z2Ctm0bmvN+/tW2bcOMrilnxF0V4I2KN0DFG1D/A428AZPP94DtUwFXDnzcYeWuV+zfjEcBQAwAgGAy27ZtG9m2
        bdu2bdu2ezOi/wGAoggMkc4VlpRX1TY0twVGYClchSUgJqOkoWdi5QCGJjLFend4cn51+/D89hkSR+UprYGxmaWNvZOrh9cYEkti8ESkFNR0jC
        zsnD/gaXyVLSguq6ypb2rt6OaFzJYavZGphbWdo4u7F48fdIHaHhyfXd7cP71+fPv6zZGZfFFpRXVdY0t7l0+ff0KNIyQhp6JlYGbj5O7tByg3
        +6PTi+u7x5f3r56//iFaZ2hibmXr4Ozm6f37LwgOQU5NRjIBAAAAAAAAAAAPAAALAAAAAAAAVlA4TBkBAAAvD8ACAP+ltm0bBrKd/49uW3aCSd
        oQ1UYwSRui2uZfbds2zOiacoYroH6ARtkAJu8C2D4pwJUDfNxh5a5X7N/MR2UjBchGKhuAFCAGAEAwmW3bto1s27Zt27Zt270Z0f/4/3q9P99d
        HO2sLUyN9BqlP+9P10fr0/3N5dnxwXY1//Pl7mxnYaSjpiAlwmOQMN8erw7XpvqayrLigmwqHuX59nR7fri9Oj853K0XM/APlwerk72NpZmxgV
        Yll4y+OdmaG2qryksKc+lEdBz8Yn9loqehJCMmwKLgkFCQ483ZwdbK3MRQp1ZIw8KAe8vj3fXF6dF+s5xNRIL/NmYGWipyEkIcGgEVAwV8L411
        1RWlRflMMhYBAfr9AAA=
        """)

    /// LZW; the first page is `byte`, the second 255 minus it.
    static let tiffPages = bytes(
        """
        SUkqAOQAAACAAAGhoTjQgk4tmg6oJHpxUrZhgcKCEXDskFUxG8+IlLKNYL1lA4NigakInlw0nZBpBOqpbsRohURC8eEkrGM4H1FJdSLFfMtsBw
        UjYhlAumo7oRIp5VrhitJviMYD0lFcyHE/ItMKVZL9mNlzCobkQol41nhCpJPqxcsZpuB2jEfEssGU5H9GJlTLNgM1tOd6DgilIvmw8oZJqBWr
        pjtRwu59j8mFkzHNAI1NKdaMFnNt0PUBEYpmA2npDpRQq5dshquJ3vwEk0tGc6IFHJtULVhM9uOl7AMIQEAACQAAAQMAAQAAABAAAAABAQMAAQ
        AAAAwAAAACAQMAAQAAAAgAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAEAAAARAQQAAQAAAAgAAAAWAQMAAQAAAAwAAAAXAQQAAQAAANsAAAAcAQMA
        AQAAAAEAAABEAgAAAAAAAAAAAAAAAElJKgDkAAAAgD/eTlbDLXyxUiXRR9OBjKxJHj4dbeaLEW6qTqQQZ2NJcJ5CGrxcjXZS9WCjSyJPhvMRVJ
        A7FzqbrQYa2VKcR6COpoLZOII0E7jazJXivUSVRB7NxhKhHHQtEDcZ7CWqoTaOQJ0M5aJpAGYmDLVZC7VyhSiHPRtMBTIw5FgfCTOYK0U6aRqA
        OZmLJMH4yEoYBbHXStUCTQx5NhfKRFHArDwRAjAWamTKMP5yMpYJY+GIkC4Kfq5VifSSFPBrLxRIg3FQdCADeyyUqYRZ+OJkK5KHowEYWBL8d8
        BAAAkAAAEDAAEAAAAQAAAAAQEDAAEAAAAMAAAAAgEDAAEAAAAIAAAAAwEDAAEAAAAFAAAABgEDAAEAAAABAAAAEQEEAAEAAABoAQAAFgEDAAEA
        AAAMAAAAFwEEAAEAAADbAAAAHAEDAAEAAAABAAAAAAAAAAAAAAAAAAAAAAA=
        """)

    /// Code streams as in the fragments of a DICOM file: JPEG process 14 SV1 of `word`.
    static let codedLossless16 = bytes(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAMABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAADAoQ/9oACAEBAAEAAM3zb5t82+bfNvm3zb5t82
        +bfNvm3zb5t87j2+bfNvm3zb5t82+bfNvm3zb5t82+bfNvnce3zb5t82+bfNvm3zb5t82+bfNvm3zb5t87j2+bfNvm3zb5t82+bfNvm3zb5t82
        +bfNvnce3zb5t82+bfNvm3zb5t82+bfNvm3zb5t87j2+bfNvm3zb5t82+bfNvm3zb5t82+bfNvnce3zb5t82+bfNvm3zb5t82+bfNvm3zb5t87
        j2+bfNvm3zb5t82+bfNvm3zb5t82+bfNvnce3zb5t82+bfNvm3zb5t82+bfNvm3zb5t87j2+bfNvm3zb5t82+bfNvm3zb5t82+bfNvnce3zb5t
        82+bfNvm3zb5t82+bfNvm3zb5t87j2+bfNvm3zb5t82+bfNvm3zb5t82+bfNvn///9k=
        """)

    /// The same of `byte`.
    static let codedLossless8 = bytes(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/wwALCAAMABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAABAMI/9oACAEBAAEAAM/ta1rWta1rWta27Wta1r
        Wta1rWtu1rWta1rWta1rbta1rWta1rWta27Wta1rWta1rWtu1rWta1rWta1rbta1rWta1rWta27Wta1rWta1rWtu1rWta1rWta1rbta1rWta1r
        Wtbgy7Wta1rWta1rW4Mu1rWta1rWta3Bjf/Z
        """)

    /// JPEG process 4 of `twelve`.
    static let codedExtended12 = bytes(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ
        EBAQEBAQH/wQALDAAMABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAADg3/xAApEAABAgMFCAMAAAAAAAAAAAAJCgsIDBkABxooVwUXGCk5RmR1
        RGVm/9oACAEBAAA/AINfIfTIv0bco2g/ZHoPBs0wJD6ZF+jblG0H7I9B4Nj9rIfSTsJ3Jtyy6D/O2B9B+VsowDQKXFALHHIKM5FPWbW+TPDAOa
        jPxJ/8x7OkDdOpapshYNXh4V2TfwzArMVYyRg5tG1RANAtSf8ALVSVUACVH1HzTLOaKomYd48twHCwTQfUZsFd6t9kOV5H/9k=
        """)

    /// JPEG-LS of `word`.
    static let codedLS16 = bytes(
        """
        /9j/9wALEAAMABABAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAID8oH5W+Nvhb3291vbb2W9dvVb029FvPbzW8tx5x5xxxpxhxZxRxJxBw5
        wxwpwhwZwRx5wJwBv5vxvpvhvZvRvJvBu5uxupuhuZxxuRuJuBt5txtpthtZtRtJtBs5sxspshxpsZsRsJsBr5rxrprhrZrRrJrBq5qxqpxhqh
        qZqRqJqBp5pxppphpZpRpJpBo5oxxZopohoZoRoJoBn5nxnpnhnZnRnJnBm5xRmxmpmhmZmRmJmBl5lxlplhlZlRlJlBxJk5kxkpkhkZkRkJkB
        j5jxjpjhjZjRjJxBjBi5ixipihiZiRiJiBiBiBiBiBiBiBw5iBiBiBiBiBiBiBiBiBiBiBiBiBiBiBwxiBiBiBiBiBiBiBiBiBiBiBiBiBiBiB
        woD/2Q==
        """)

    /// JPEG-LS of `byte`, each value at most 2 off.
    static let codedLSNear = bytes(
        """
        /9j/9wALCAAMABABAREA/9oACAEBAAIAAI2bP/1/+kkoqV6JFSRV9f9+l/90v/8l/35f/3Jf/lf/c/9/7/9ZgP/Z
        """)

    /// JPEG 2000, reversible, of `word`.
    static let coded2000 = bytes(
        """
        /0//UQApAAAAAAAQAAAADAAAAAAAAAAAAAAAEAAAAAwAAAAAAAAAAAABDwEB/1IADAAAAAEAAQQEAAH/XAAHQICIiJD/ZAAlAAFDcmVhdGVkIG
        J5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAACKAAH/k9/4kugSKBmPz7RJEkQRo1wvwKR7CFTl7GQDC055IDnfOq7b5S5F8TcbhlNx
        nA1RWvtDXJRNbp+Y35fdg90AWbBbg4OTz2jYg6948yEnVcJDLns6yaXF8SCTiJwnqyqRliXA/wCoB+wUNpz8s8YDpYcyU0CNwLjAeDuKSg//2Q
        ==
        """)

    /// JPEG 2000 of `byte` in a JP2 file, as some DICOM writers wrongly keep it.
    static let coded2000InBoxes = bytes(
        """
        AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAADAAAABAAAQcHAAAAAAAPY29scgEAAAAAABEAAADVan
        AyY/9P/1EAKQAAAAAAEAAAAAwAAAAAAAAAAAAAABAAAAAMAAAAAAAAAAAAAQcBAf9SAAwAAAABAAEEBAAB/1wAB0BASEhQ/2QAJQABQ3JlYXRl
        ZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS40/5AACgAAAAAAYAAB/5PfgWASKBeUCfcrrv3uWyJ7T2Ircczp8z1h/GJ3M/7PidthyT9N5pZ3Nf
        80A+rUP8/ALn4Bc/MFgz6oVLIUr2mAv5eDSPW/3tYyw5tVVIK3Idsx/9k=
        """)
}
