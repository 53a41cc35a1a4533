# Figures of R's package "survey" (Lumley), with the data they were computed on, as JSON.
#   Rscript tests/conformance/r_survey/oracle.R > tests/conformance/r_survey/stored.json
# Data: the California schools shipped with the package (apistrat, apisrs) and a made-up population.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust")
data(api)
cases <- list()
put <- function(name, ...) cases[[name]] <<- list(...)
one <- function(x) as.numeric(x)
ci <- function(x, df) as.numeric(confint(x, df = df))
figure <- function(name, x, df, ...)
  put(name, value = one(coef(x)), se = one(SE(x)), ci = ci(x, df), deff = one(deff(x)), df = df, ...)
shares <- function(name, f, design) {
  m <- svyciprop(f, design, method = "xlogit")
  put(name, value = one(m), se = one(SE(m)), ci = as.numeric(attr(m, "ci")), df = degf(design))
}
quantiles <- function(name, f, design, p) {
  q <- svyquantile(f, design, p, qrule = "school", interval.type = "xlogit")[[1]]
  put(name, value = one(q[, 1]), se = one(q[, "se"]), ci = as.numeric(q[, 2:3]), df = degf(design))
}
everything <- function(prefix, d, y, x, b, dom) {
  f <- function(v) as.formula(paste0("~", v))
  n <- function(s) paste(prefix, s)
  df <- degf(d)
  sub <- d[d$variables[[dom]] == 1, ]
  figure(n("mean"), svymean(f(y), d, deff = TRUE), df)
  figure(n("total"), svytotal(f(y), d, deff = TRUE), df)
  r <- svyratio(f(y), f(x), d, deff = TRUE)
  put(n("ratio"), value = one(coef(r)), se = one(SE(r)), ci = ci(r, df), deff = one(deff(r)), df = df)
  shares(n("share"), f(b), d)
  quantiles(n("median"), f(y), d, 0.5)
  quantiles(n("quartile"), f(y), d, 0.25)
  figure(n("domain mean"), svymean(f(y), sub, deff = TRUE), degf(sub))
  figure(n("domain total"), svytotal(f(y), sub, deff = TRUE), degf(sub))
  rs <- svyratio(f(y), f(x), sub, deff = TRUE)
  put(n("domain ratio"), value = one(coef(rs)), se = one(SE(rs)), ci = ci(rs, degf(sub)),
      deff = one(deff(rs)), df = degf(sub))
  shares(n("domain share"), f(b), sub)
  quantiles(n("domain median"), f(y), sub, 0.5)
  m2 <- svymean(as.formula(paste0("~", x, "+", y)), d)
  k <- svycontrast(m2, c(-1, 1))
  put(n("paired mean"), value = one(coef(k)), se = one(SE(k)), ci = ci(k, df), df = df)
  t2 <- svytotal(as.formula(paste0("~", x, "+", y)), d)
  k <- svycontrast(t2, c(-1, 1))
  put(n("paired total"), value = one(coef(k)), se = one(SE(k)), ci = ci(k, df), df = df)
}
margin <- function(x, name) setNames(data.frame(names(x), as.numeric(x)), c(name, "Freq"))
tight <- list(maxit = 2000, epsilon = 1e-14)

# 1. Stratified, on apistrat.
keep <- c("stype", "api00", "api99", "enroll", "api.stu", "sch.wide", "awards", "fpc")
st <- apistrat[, keep]
st$stype <- as.character(st$stype)
st$wide <- as.numeric(st$sch.wide == "Yes"); st$prize <- as.numeric(st$awards == "Yes")
st$pw <- st$fpc / as.numeric(table(st$stype)[st$stype])
st$big <- as.numeric(st$enroll > 500)
strat <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = st)
everything("apistrat", strat, "api00", "api99", "wide", "big")

# 2. Simple random, post-stratified, raked, on apisrs.
sr <- apisrs[, keep]
sr$stype <- as.character(sr$stype)
sr$wide <- as.numeric(sr$sch.wide == "Yes"); sr$prize <- as.numeric(sr$awards == "Yes")
sr$big <- as.numeric(sr$enroll > 500)
types <- table(apipop$stype); wides <- table(apipop$sch.wide); prizes <- table(apipop$awards)
srs <- svydesign(~1, fpc = ~fpc, data = sr)
everything("apisrs", srs, "api00", "api99", "wide", "big")
post <- postStratify(srs, ~stype, margin(types, "stype"))
everything("apisrs post", post, "api00", "api99", "wide", "big")
raked <- rake(srs, list(~stype, ~sch.wide, ~awards),
  list(margin(types, "stype"), margin(wides, "sch.wide"), margin(prizes, "awards")), tight)
everything("apisrs raked", raked, "enroll", "api.stu", "wide", "big")
put("apisrs raked weights", weights = as.numeric(weights(raked)))
wpost <- postStratify(strat, ~sch.wide, margin(wides, "sch.wide"))
everything("apistrat post", wpost, "api00", "api99", "prize", "wide")

# 3. Made-up population: 121 units, one that represents only itself, an answer that follows size.
RNGversion("4.2.0"); set.seed(20261124)
N <- 121
pop <- data.frame(unit = sprintf("u%03d", 1:N), size = round(exp(rnorm(N, 7.8, 1.1))))
pop$size[1] <- 870000
pop$zone <- sample(c("est", "nord", "sud"), N, TRUE)
pop$class <- as.character(cut(pop$size, c(0, 1500, 4000, 1e7), c("petite", "moyenne", "grande")))
pop$class[1] <- pop$zone[1] <- "u001"
pop$kg <- round(pop$size * runif(N, 0.01, 0.05), 1)
pop$kg2 <- round(pop$kg * runif(N, 0.7, 1.4), 1)
pop$bio <- rbinom(N, 1, 0.4); pop$baker <- rbinom(N, 1, 0.7)
pop$price <- round(runif(N, 2, 4), 2)
odds <- c(petite = 0.5, moyenne = 0.65, grande = 0.8, u001 = 1)
r <- pop[runif(N) < odds[pop$class], ]
cells <- table(pop$class)
r$Nh <- as.numeric(cells[r$class]); r$w <- r$Nh / as.numeric(table(r$class)[r$class])
cell <- svydesign(~1, strata = ~class, weights = ~w, fpc = ~Nh, data = r)
everything("made", cell, "kg", "kg2", "bio", "baker")
rest <- subset(cell, class != "u001")
known <- sum(pop$size[-1])
p <- predict(svyratio(~kg, ~size, rest), total = known)
put("made total by ratio", value = one(p$total) + r$kg[r$class == "u001"], se = one(p$se),
    known = known)
r$base <- ifelse(r$class == "u001", "u001", "ensemble")
r$Nb <- ifelse(r$class == "u001", 1, N - 1); r$wb <- r$Nb / as.numeric(table(r$base)[r$base])
flat <- svydesign(~1, strata = ~base, weights = ~wb, fpc = ~Nb, data = r)
mr <- rake(flat, list(~class, ~zone), list(margin(cells, "class"), margin(table(pop$zone), "zone")),
  tight)
everything("made raked", mr, "kg", "kg2", "bio", "baker")
put("made raked weights", weights = as.numeric(weights(mr)))

# Item non-response: R is told of the design of those who answered the question.
r$priced <- ifelse(runif(nrow(r)) < 0.75 | r$class == "u001", r$price, NA)
a <- r[!is.na(r$priced), ]
a$w <- a$Nh / as.numeric(table(a$class)[a$class])
answered <- svydesign(~1, strata = ~class, weights = ~w, fpc = ~Nh, data = a)
figure("made blanks mean", svymean(~priced, answered, deff = TRUE), degf(answered))
figure("made blanks total", svytotal(~priced, answered, deff = TRUE), degf(answered))
quantiles("made blanks median", ~priced, answered, 0.5)
a$wb <- a$Nb / as.numeric(table(a$base)[a$base])
aflat <- svydesign(~1, strata = ~base, weights = ~wb, fpc = ~Nb, data = a)
ar <- rake(aflat, list(~class, ~zone), list(margin(cells, "class"), margin(table(pop$zone), "zone")),
  tight)
figure("made raked blanks mean", svymean(~priced, ar, deff = TRUE), degf(ar))

# One respondent alone in a stratum of several units.
l <- data.frame(h = c("a", "a", "a", "b", "b", "b", "c"), y = c(3, 5, 9, 2, 2, 7, 4),
  Nh = c(9, 9, 9, 6, 6, 6, 3)); l$w <- l$Nh / as.numeric(table(l$h)[l$h])
lone <- svydesign(~1, strata = ~h, weights = ~w, fpc = ~Nh, data = l)
figure("lonely mean", svymean(~y, lone, deff = TRUE), degf(lone))
figure("lonely total", svytotal(~y, lone, deff = TRUE), degf(lone))

# Critical values of the Student law.
dfs <- c(1, 2, 3, 5, 10, 37, 68, 197, 1000)
put("student", df = dfs, q95 = qt(0.975, dfs), q90 = qt(0.95, dfs))

tables <- list(apistrat = st, apisrs = sr, made = r, lonely = l)
sizes <- list(types = as.list(types), wides = as.list(wides), prizes = as.list(prizes),
  classes = as.list(cells), zones = as.list(table(pop$zone)))
versions <- list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")))
cat(toJSON(list(versions = versions, tables = tables, sizes = sizes, cases = cases),
  digits = 17, na = "null", dataframe = "columns", auto_unbox = FALSE), "\n")
