/// An error that a body lent to a transaction may throw with its type kept.
///
/// A lending operation fails in two ways: LMDB fails, or the body throws. The operation throws
/// ``Raised``, which holds both. A body that throws nothing raises ``LMDBError``; a body that
/// throws ``LMDBError`` raises ``LMDBError``; a body that throws a type which conforms to
/// ``LMDBErrorWrapping`` raises that type. Any other error makes the operation untyped.
public protocol TransactionFailure: Error {
    /// The error that holds both kinds.
    associatedtype Raised: Error

    /// Carries an error of the body over.
    static func raised(byBody error: Self) -> Raised

    /// Carries an error of LMDB over.
    static func raised(byLMDB error: LMDBError) -> Raised
}

/// An error type that can hold an ``LMDBError``, so that bodies which throw it stay typed.
///
/// A body names it: `try environment.read { (transaction) throws(StoreError) in ... }`.
public protocol LMDBErrorWrapping: TransactionFailure where Raised == Self {
    /// Wraps a failure of LMDB.
    init(_ error: LMDBError)
}

extension LMDBErrorWrapping {
    /// Returns the error as it is.
    public static func raised(byBody error: Self) -> Self { error }

    /// Wraps the failure of LMDB.
    public static func raised(byLMDB error: LMDBError) -> Self { Self(error) }
}

extension LMDBError: LMDBErrorWrapping {
    /// Copies an error.
    public init(_ error: LMDBError) {
        self = error
    }
}

extension Never: TransactionFailure {
    /// Never called: there is no such error.
    public static func raised(byBody error: Never) -> LMDBError {}

    /// Returns the failure of LMDB as it is.
    public static func raised(byLMDB error: LMDBError) -> LMDBError { error }
}
