import Testing

/// Whole programs on loopback.
///
/// One after the other: a machine with two cores runs several processes for each test.
@Suite(.serialized)
enum IntegrationTests {}
