import Foundation

/// A certificate for 127.0.0.1, ::1 and localhost with the authority that signed it, valid to 2120: for servers of tests
/// and trials. Its key stands here for everybody to read, so it proves nothing anywhere else.
package enum TestCertificate {
    /// The file that clients trust, once servers with TLS were started in `folder`.
    package static func authorityPath(in folder: String) -> String { "\(folder)/authority.pem" }

    static func path(ofSetting name: String, in folder: String) -> String {
        switch name {
        case "tls-cert-file": "\(folder)/certificate.pem"
        case "tls-key-file": "\(folder)/key.pem"
        default: authorityPath(in: folder)
        }
    }

    static func write(to folder: String) throws {
        let files = ["tls-ca-cert-file": authority, "tls-cert-file": certificate, "tls-key-file": key]
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(ofSetting: name, in: folder)))
        }
    }

    private static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBZjCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5zaGFyZHRv
        cCB0ZXN0czAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowGTEXMBUG
        A1UEAwwOc2hhcmR0b3AgdGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR7
        8VwTfJDE3/X81TUGSDUOuCwCEgvCLjE4l98MEQhhj6ugGGHyIVmLTHHIngL4SJbq
        RNcayLzVfrm5zKdYrg/jo0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQE
        AwICBDAdBgNVHQ4EFgQU6ebSo8HUBctdn5XFmn1KawwUFUAwCgYIKoZIzj0EAwID
        SQAwRgIhAOsdu5BmOu+AdQEZsbQddir9q3ZGSq6aCA5/K6weuxLXAiEA2UvkgXuY
        VuGfB2tPcAl4vsTG3JQh/lALwkQyn8eSuRw=
        -----END CERTIFICATE-----
        """

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBrjCCAVWgAwIBAgIBAjAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5zaGFyZHRv
        cCB0ZXN0czAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAG
        A1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3T7BkpIa
        2fLPcYcqrgbwoP+unovv2hC9vLRmVpXqkyMnpuhceo6SqoeGE22XBsnYTKlQqOFs
        lKMq+nrQRuiHsqOBkDCBjTAsBgNVHREEJTAjgglsb2NhbGhvc3SHBH8AAAGHEAAA
        AAAAAAAAAAAAAAAAAAEwHQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsGAQUFBwMCMB0G
        A1UdDgQWBBSshcCPSifovCU5rec/2Gto4iWhnzAfBgNVHSMEGDAWgBTp5tKjwdQF
        y12flcWafUprDBQVQDAKBggqhkjOPQQDAgNHADBEAiAMu9GNpJYxJ3Gi6X3EDgI0
        epnwefKwyLOGDnJGQVE57AIgHMj0SQ9c2/v1RCiZ5mZil6juAWdkfY/nup5th40M
        W1w=
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLXGGPj676842Z85I
        4INkPM+tV0Pv/Sdbmm8edOGYZXKhRANCAATdPsGSkhrZ8s9xhyquBvCg/66ei+/a
        EL28tGZWleqTIyem6Fx6jpKqh4YTbZcGydhMqVCo4WyUoyr6etBG6Iey
        -----END PRIVATE KEY-----
        """
}
