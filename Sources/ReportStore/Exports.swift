// A program that embeds the store needs its values as well: one import gives both.
@_exported public import ReportModel
