extension YearPage {
    /// The look of the page: a screen, a telephone, and A4.
    static let style: StaticString = """
        <style>
        :root{--ink:#1d2733;--soft:#5b6b7c;--line:#d9e0e7;--paper:#fff;--back:#f3f5f8;--blue:#1f5fa8;
        --red:#b3261e;--redback:#fdecea;--amber:#8a5a00;--amberback:#fff4dc;--green:#1b6b3a;--greenback:#e6f4ea}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--ink);font:16px/1.65 "Microsoft YaHei","PingFang SC",
        "Noto Sans CJK SC","WenQuanYi Zen Hei",sans-serif}
        main{max-width:1160px;margin:0 auto;padding:24px 20px 40px}
        h1{font-size:28px;line-height:1.3;margin:0}
        h2{font-size:20px;margin:0 0 4px}
        p{margin:0 0 10px}
        .sub,.hint,.key,.foot{color:var(--soft)}
        .sub{margin:4px 0 18px}
        .hint{font-size:15px}
        .key,.foot{font-size:13px}
        .key{overflow-wrap:anywhere}
        nav{display:flex;flex-wrap:wrap;gap:12px;margin:0 0 20px}
        nav a{flex:1 1 130px;background:var(--paper);border:1px solid var(--line);border-top:4px solid var(--soft);
        border-radius:6px;padding:10px 14px;color:var(--ink);text-decoration:none}
        nav b{display:block;font-size:28px;line-height:1.2}
        nav .good{border-top-color:var(--green)}nav .good b{color:var(--green)}
        nav .bad{border-top-color:var(--red)}nav .bad b{color:var(--red)}
        nav .wait{border-top-color:#d99a00}nav .wait b{color:var(--amber)}
        section{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:16px 18px;margin:0 0 18px}
        .calm{border-left:5px solid var(--green)}
        .alarm{border-left:5px solid var(--red)}
        table{width:100%;border-collapse:collapse;margin-top:8px}
        th,td{text-align:left;vertical-align:top;padding:9px 10px;border-bottom:1px solid var(--line)}
        th{font-size:14px;color:var(--soft);font-weight:600;white-space:nowrap;background:#fafbfc}
        tr:last-child td{border-bottom:0}
        td{overflow-wrap:anywhere}
        td.num{white-space:nowrap}
        td ul{margin:4px 0 0;padding-left:18px;font-size:14px}
        .mark{display:inline-block;border-radius:10px;padding:0 9px;font-size:14px;white-space:nowrap;
        background:#eceff3;color:#3d4b59}
        .mark.red{background:var(--redback);color:var(--red)}
        .mark.amber{background:var(--amberback);color:var(--amber)}
        .mark.green{background:var(--greenback);color:var(--green)}
        .quote{background:var(--redback);border-radius:4px;padding:6px 10px;display:block}
        @media (max-width:640px){
        main{padding:16px 12px 30px}h1{font-size:24px}section{padding:14px 12px}
        nav{gap:8px}nav a{flex:1 1 92px;padding:8px 10px}nav b{font-size:24px}
        table,tbody,tr,td{display:block}
        thead{position:absolute;left:-9999px}
        tr{border-bottom:1px solid var(--line);padding:10px 0}
        tr:last-child{border-bottom:0}
        td,td.num{border:0;padding:2px 0;white-space:normal}
        td::before{content:attr(data-label) "：";color:var(--soft);font-size:14px}
        td:first-child{font-weight:600}td:first-child::before{content:none}
        td:first-child .key{font-weight:400}
        }
        @media print{
        @page{size:A4;margin:14mm 12mm}
        body{background:#fff;font-size:10.5pt;line-height:1.5}
        main{max-width:none;padding:0}
        nav{gap:6px}nav a{border:1px solid #999;padding:4px 8px}nav b{font-size:15pt}
        section{border:0;border-radius:0;padding:0;margin:0 0 14px}
        h1{font-size:18pt}h2{font-size:13pt}h2,.hint{break-after:avoid}
        th,td{padding:4px 6px;border-bottom:1px solid #bbb}
        thead{display:table-header-group}tr{break-inside:avoid}
        .mark,.quote{border:1px solid #999;background:none!important;color:#000!important}
        }
        </style>

        """
}
