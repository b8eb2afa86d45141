//! The checked form of an expression: every node has its type, every call its code.

use super::Failure;
use super::evaluate::{self, Argument, Arguments};
use super::kernel::wide::MovedPoint;
use crate::diagnostic::{Diagnostic, Span};
use crate::value::parse::Scalar;
use crate::value::{Data, Layout, SqlType, Texts, Vector};
use std::sync::Arc;

/// Code that computes one call for a batch.
pub(super) type Kernel = Arc<dyn Fn(&Arguments<'_>) -> Result<Vector, Failure> + Send + Sync>;

/// A checked expression.
#[derive(Clone)]
pub(super) struct Node {
    pub kind: Kind,
    pub sql_type: SqlType,
    pub span: Span,
}

/// What a node does.
#[derive(Clone)]
pub(super) enum Kind {
    /// An input of the table.
    Input(usize),
    /// The same value for all rows; `None` is null.
    Constant(Option<Scalar>),
    /// A string literal or NULL whose type is not decided yet; text if nobody decides.
    Literal(Option<String>),
    /// Three-valued AND; later operands see only the rows that earlier ones leave open.
    And(Vec<Node>),
    /// Three-valued OR; likewise.
    Or(Vec<Node>),
    /// The result of the first arm whose condition is true; each part sees only the rows that need it.
    Case { arms: Vec<(Node, Node)>, otherwise: Box<Node> },
    /// The first that is not null; later ones see only the rows where earlier ones are null.
    Coalesce(Vec<Node>),
    /// A function, operator or cast.
    Call(Call),
}

/// A function, operator or cast applied to arguments.
#[derive(Clone)]
pub(super) struct Call {
    pub arguments: Vec<Node>,
    pub kernel: Kernel,
    /// Null as soon as an argument is; the kernel is then not asked what to do with nulls.
    pub strict: bool,
    /// Depends on more than its arguments (on the row), so it is never folded.
    pub draws: bool,
    /// May fail, so that it must see only the rows that need it.
    pub fallible: bool,
    /// Takes wide decimals as integers where all of them fit, and may give such.
    pub narrows: bool,
    /// A quotient by a power of ten, of which only the point moves.
    pub moves_point: Option<MovedPoint>,
}

impl Call {
    /// A strict call that may fail.
    pub fn new(
        arguments: Vec<Node>,
        kernel: impl Fn(&Arguments<'_>) -> Result<Vector, Failure> + Send + Sync + 'static,
    ) -> Self {
        let kernel = Arc::new(kernel);
        Self {
            arguments,
            kernel,
            strict: true,
            draws: false,
            fallible: true,
            narrows: false,
            moves_point: None,
        }
    }

    /// A strict call of one decimal with so many digits after the point, which takes and gives narrow ones. The kernel gets
    /// the decimals and the digits they have: of quotients by a power of ten fewer than `scale`, as the dividends
    /// themselves serve, with the point moved.
    pub fn of_decimal(
        decimal: Node,
        scale: u8,
        kernel: impl Fn(&Arguments<'_>, u8) -> Result<Vector, Failure> + Send + Sync + 'static,
    ) -> Self {
        let (moves_point, decimal) = match decimal.kind {
            Kind::Call(Call { moves_point: Some(point), arguments, kernel, .. }) => {
                (Some((point, kernel)), arguments)
            }
            _ => (None, vec![decimal]),
        };
        Self::new(decimal, move |arguments| match &moves_point {
            None => kernel(arguments, scale),
            Some((point, _)) if point.is_exact(&arguments.values[0]) => kernel(arguments, point.digits()),
            Some((_, quotients)) => {
                let quotients = Argument::per_row(quotients(arguments)?);
                kernel(&arguments.of(&[quotients]), scale)
            }
        })
        .narrowing()
    }

    /// The same, which never fails.
    pub fn total(
        arguments: Vec<Node>,
        kernel: impl Fn(&Arguments<'_>) -> Vector + Send + Sync + 'static,
    ) -> Self {
        Self { fallible: false, ..Self::new(arguments, move |arguments| Ok(kernel(arguments))) }
    }

    /// The same, for a kernel that takes wide decimals as integers where all of them fit, and may give such.
    pub fn narrowing(self) -> Self {
        Self { narrows: true, ..self }
    }

    /// The same, with nulls left to the kernel.
    pub fn with_nulls(self) -> Self {
        Self { strict: false, ..self }
    }

    /// The call as a node, computed now if its arguments are constants.
    pub fn node(self, sql_type: SqlType, span: Span) -> Node {
        if self.strict && self.arguments.iter().any(Node::is_null) {
            return Node { kind: Kind::Constant(None), sql_type, span };
        }
        let foldable = !self.draws && self.arguments.iter().all(|argument| argument.constant().is_some());
        Node { kind: Kind::Call(self), sql_type, span }.folded_if(foldable)
    }
}

impl Node {
    pub fn constant_of(value: Option<Scalar>, sql_type: SqlType, span: Span) -> Node {
        Node { kind: Kind::Constant(value), sql_type, span }
    }

    /// The value, when it is the same for all rows and known; `Some(None)` is null.
    pub fn constant(&self) -> Option<Option<Scalar>> {
        match &self.kind {
            Kind::Constant(value) => Some(value.clone()),
            Kind::Literal(text) => Some(text.as_ref().map(|text| Scalar::Text(text.as_bytes().to_vec()))),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Constant(None) | Kind::Literal(None))
    }

    /// A string literal or NULL that takes the type its surroundings want.
    pub fn is_open(&self) -> bool {
        matches!(self.kind, Kind::Literal(_))
    }

    /// Whether evaluating may fail for some row.
    pub fn fallible(&self) -> bool {
        matches!(&self.kind, Kind::Call(call) if call.fallible) || self.parts().any(Node::fallible)
    }

    /// Whether it draws random values.
    pub fn draws(&self) -> bool {
        matches!(&self.kind, Kind::Call(call) if call.draws) || self.parts().any(Node::draws)
    }

    /// The nodes directly below.
    pub fn parts(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        match &self.kind {
            Kind::Input(_) | Kind::Constant(_) | Kind::Literal(_) => Box::new(std::iter::empty()),
            Kind::And(nodes) | Kind::Or(nodes) | Kind::Coalesce(nodes) => Box::new(nodes.iter()),
            Kind::Case { arms, otherwise } => {
                Box::new(arms.iter().flat_map(|(when, then)| [when, then]).chain([&**otherwise]))
            }
            Kind::Call(call) => Box::new(call.arguments.iter()),
        }
    }

    /// About how many nanoseconds a value takes without its inputs: a few for each loop over numbers, more for texts, most
    /// for choices and what leads to texts' characters.
    pub fn cost(&self) -> u32 {
        let own = match (&self.kind, self.sql_type.layout()) {
            (Kind::Input(_) | Kind::Constant(_) | Kind::Literal(_), _) => 0,
            (_, Layout::Int | Layout::Wide | Layout::Float | Layout::Bool) => 3,
            _ => 40,
        };
        self.parts().map(Node::cost).fold(own, u32::saturating_add)
    }

    /// Adds the numbers of the inputs read here and below.
    pub fn collect_inputs(&self, inputs: &mut Vec<usize>) {
        if let Kind::Input(index) = self.kind {
            inputs.push(index);
        }
        self.parts().for_each(|part| part.collect_inputs(inputs));
    }

    /// A constant in place of the node, if that is asked for and computing it does not fail: what fails here may stand
    /// in a branch that no row takes.
    pub fn folded_if(self, foldable: bool) -> Node {
        if !foldable || self.sql_type.layout() == Layout::List {
            return self;
        }
        match evaluate::once(&self) {
            Ok(vector) => Node { kind: Kind::Constant(scalar_of(&vector)), ..self },
            Err(_) => self,
        }
    }

    /// An exact decimal, of a numeric type with just its digits.
    pub fn decimal_constant(unscaled: i128, scale: u8, span: Span) -> Node {
        let precision = digits(unscaled).max(scale).max(1);
        let sql_type = SqlType::Numeric { precision, scale, bare: true };
        let value = match sql_type.layout() {
            Layout::Int => Scalar::Int(unscaled as i64),
            _ => Scalar::Wide(unscaled),
        };
        Node::constant_of(Some(value), sql_type, span)
    }

    /// A constant decimal with a type of just its digits, so that what is computed with it stays narrow.
    pub fn narrow(self) -> Node {
        match (&self.kind, &self.sql_type) {
            (Kind::Constant(Some(Scalar::Int(unscaled))), SqlType::Numeric { scale, bare: true, .. }) => {
                Node::decimal_constant(*unscaled as i128, *scale, self.span)
            }
            (Kind::Constant(Some(Scalar::Wide(unscaled))), SqlType::Numeric { scale, bare: true, .. }) => {
                Node::decimal_constant(*unscaled, *scale, self.span)
            }
            _ => self,
        }
    }

    /// A diagnostic at this node.
    pub fn wrong(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.span, message)
    }
}

/// How many decimal digits a number has; 0 has 0.
pub(super) fn digits(value: i128) -> u8 {
    value.unsigned_abs().checked_ilog10().map_or(0, |log| log as u8 + 1)
}

/// The first value of a vector.
pub(super) fn scalar_of(vector: &Vector) -> Option<Scalar> {
    vector.is_valid(0).then(|| match &vector.data {
        Data::Int(values) => Scalar::Int(values[0]),
        Data::Wide(values) => Scalar::Wide(values[0]),
        Data::Float(values) => Scalar::Float(values[0]),
        Data::Bool(values) => Scalar::Bool(values[0]),
        Data::Text(_) | Data::Dict { .. } => Scalar::Text(vector.text(0).to_vec()),
        Data::Uuid(values) => Scalar::Uuid(values[0]),
        Data::Interval(values) => Scalar::Interval(values[0]),
        Data::List(_) => unreachable!("lists are not folded"),
    })
}

/// A vector of one value.
pub(super) fn vector_of(value: &Option<Scalar>, sql_type: &SqlType) -> Vector {
    let data = match value {
        None => return nulls(sql_type, 1),
        Some(Scalar::Int(value)) => Data::Int(vec![*value]),
        Some(Scalar::Wide(value)) => Data::Wide(vec![*value]),
        Some(Scalar::Float(value)) => Data::Float(vec![*value]),
        Some(Scalar::Bool(value)) => Data::Bool(vec![*value]),
        Some(Scalar::Text(value)) => Data::Text([value].into_iter().collect()),
        Some(Scalar::Uuid(value)) => Data::Uuid(vec![*value]),
        Some(Scalar::Interval(value)) => Data::Interval(vec![*value]),
    };
    data.into()
}

/// That many nulls.
pub(super) fn nulls(sql_type: &SqlType, len: usize) -> Vector {
    let data = match sql_type.layout() {
        Layout::Int => Data::Int(vec![0; len]),
        Layout::Wide => Data::Wide(vec![0; len]),
        Layout::Float => Data::Float(vec![0.0; len]),
        Layout::Bool => Data::Bool(vec![false; len]),
        Layout::Text => Data::Text(std::iter::repeat_n("", len).collect::<Texts>()),
        Layout::Uuid => Data::Uuid(vec![0; len]),
        Layout::Interval => Data::Interval(vec![Default::default(); len]),
        Layout::List => {
            let SqlType::Array(of) = sql_type else { unreachable!("only arrays are lists") };
            Data::List(crate::value::List { offsets: vec![0; len + 1], values: Box::new(nulls(of, 0)) })
        }
    };
    Vector::new(data, Some(vec![false; len]))
}
