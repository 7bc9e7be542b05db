import ReportAuthority
import ReportModel

print(AuthorityLimits.warningDays)
